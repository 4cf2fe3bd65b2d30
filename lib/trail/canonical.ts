const DEPTH_MAX = 64;

/**
 * The one byte form of a JSON value (RFC 8785), for the values we use: strings, whole numbers up to 2^53-1,
 * booleans, null, arrays and plain objects. Throws a TypeError on anything whose form could differ between
 * writers: fractions, NaN, undefined, lone surrogates, class instances, nesting deeper than 64.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > DEPTH_MAX) throw new TypeError(`canonical JSON: nested deeper than ${DEPTH_MAX}`);
  if (value === null) return "null";
  if (value === true) return "true";
  if (value === false) return "false";
  if (typeof value === "string") return writeString(value);
  if (typeof value === "number") return writeInteger(value);
  if (Array.isArray(value)) return writeArray(value, depth);
  if (isPlainObject(value)) return writeObject(value, depth);
  throw new TypeError(`canonical JSON: no form for ${describe(value)}`);
}

function writeString(value: string): string {
  if (!value.isWellFormed()) throw new TypeError("canonical JSON: a lone surrogate in a string");
  return JSON.stringify(value);
}

function writeInteger(value: number): string {
  if (!Number.isSafeInteger(value)) {
    throw new TypeError(`canonical JSON: ${value} is not a whole number below 2^53`);
  }
  return String(value === 0 ? 0 : value);
}

function writeArray(value: unknown[], depth: number): string {
  const items: string[] = [];
  // an index loop, so that a hole in the array is refused and not skipped
  for (let i = 0; i < value.length; i++) items.push(write(value[i], depth + 1));
  return `[${items.join(",")}]`;
}

function writeObject(value: Record<string, unknown>, depth: number): string {
  // the default order is by UTF-16 code unit, as RFC 8785 3.2.3 asks
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${writeString(key)}:${write(value[key], depth + 1)}`).join(",")}}`;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function describe(value: unknown): string {
  return typeof value === "object"
    ? "an object that is not plain"
    : `a value of type ${typeof value}`;
}
