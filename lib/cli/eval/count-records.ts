/** How many records a file holds, by JSON.parse and lines alone: a second opinion on the splitter. */

/** `lines`: one record a line, sent as NDJSON; `json`: one JSON text, sent as JSON. */
export type Container = "lines" | "json";

const LISTS = ["value", "Records", "results"];

/** How a file is sent: NDJSON when its first line alone is a JSON object and more lines follow, or by its name. */
export function containerOf(path: string, bytes: Buffer): Container {
  if (/\.(?:ndjson|jsonl)(?:\.gz)?$/.test(path)) return "lines";
  const lines = recordLines(bytes);
  const [first] = lines.next().value ?? [];
  const more = lines.next().done === false;
  return first !== undefined && more && isObject(parse(first)) ? "lines" : "json";
}

/** The number of records, or null when the file is broken and cannot be counted this way. */
export function countRecords(bytes: Buffer, container: Container): number | null {
  if (container === "lines") return [...recordLines(bytes)].length;
  if (bytes.length === 0) return 0;
  const value = parse(bytes);
  if (value === undefined) return null;
  return listIn(value)?.length ?? 1;
}

/** The lines that are not blank, without the blanks around them: `[bytes, number from 1]`. */
export function* recordLines(bytes: Buffer): Generator<[Buffer, number]> {
  let number = 0;
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    const stop = end === -1 ? bytes.length : end;
    number += 1;
    const line = trim(bytes.subarray(at, stop));
    if (line.length > 0) yield [line, number];
    at = stop + 1;
  }
}

function trim(line: Buffer): Buffer {
  let start = 0;
  let end = line.length;
  while (start < end && isBlank(line[start])) start += 1;
  while (end > start && isBlank(line[end - 1])) end -= 1;
  return line.subarray(start, end);
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

function listIn(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return null;
  for (const name of LISTS) {
    const list = value[name];
    if (Array.isArray(list)) return list;
  }
  const entries = isObject(value["raw_logs"]) ? value["raw_logs"]["entries"] : null;
  return Array.isArray(entries) ? entries : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
