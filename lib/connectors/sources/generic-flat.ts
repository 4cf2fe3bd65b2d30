import { isObj } from "./values.ts";
import type { Obj } from "./values.ts";

/** A record's values by dotted path in lower case; of a list of objects the first is taken. */
export type Flat = Map<string, unknown>;

const FLAT_DEPTH = 6;
const FLAT_KEYS = 2_000;

/** Fills `out` from nested objects; bounded in depth and number. */
export function flatten(value: Obj, prefix: string, depth: number, out: Flat): void {
  for (const key in value) {
    if (out.size >= FLAT_KEYS) return;
    const path = prefix === "" ? key.toLowerCase() : `${prefix}.${key.toLowerCase()}`;
    const inner = value[key];
    if (isObj(inner)) {
      if (depth < FLAT_DEPTH) flatten(inner, path, depth + 1, out);
    } else if (Array.isArray(inner) && isObj(inner[0])) {
      if (depth < FLAT_DEPTH) flatten(inner[0], path, depth + 1, out);
      if (!out.has(path))
        out.set(
          path,
          inner.map((one: unknown) => (isObj(one) ? one.id : one)),
        );
    } else if (!out.has(path)) out.set(path, inner);
  }
}
