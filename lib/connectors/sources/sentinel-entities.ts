import { isObj } from "./values.ts";
import type { Obj } from "./values.ts";

/** Follow references this deep: an entity may hold a process, its parent, its file, its hashes. */
const DEPTH = 6;

/**
 * The entities of an alert with every `{"$ref": "7"}` replaced by the object whose `$id` is "7",
 * wherever in the array it stands. A reference to nothing, or back to itself, is left out.
 */
export function resolveEntities(value: unknown): Obj[] {
  if (!Array.isArray(value)) return [];
  const byId = new Map<string, Obj>();
  for (const entity of value) collect(entity, byId, 0);
  const seen = new Set<string>();
  const resolved: Obj[] = [];
  for (const entity of value) {
    const whole = resolve(entity, byId, 0);
    if (!isObj(whole)) continue;
    const id = typeof whole.$id === "string" ? whole.$id : null;
    if (id !== null && seen.has(id)) continue;
    if (id !== null) seen.add(id);
    resolved.push(whole);
  }
  return resolved;
}

function collect(value: unknown, byId: Map<string, Obj>, depth: number): void {
  if (depth > DEPTH) return;
  if (Array.isArray(value)) {
    for (const one of value) collect(one, byId, depth + 1);
    return;
  }
  if (!isObj(value)) return;
  if (typeof value.$id === "string") byId.set(value.$id, value);
  for (const inner of Object.values(value)) {
    if (typeof inner === "object") collect(inner, byId, depth + 1);
  }
}

function resolve(value: unknown, byId: Map<string, Obj>, depth: number): unknown {
  if (depth > DEPTH) return undefined;
  if (Array.isArray(value)) return value.map((one) => resolve(one, byId, depth + 1));
  if (!isObj(value)) return value;
  const target = typeof value.$ref === "string" ? byId.get(value.$ref) : value;
  if (!target) return undefined;
  const out: Obj = {};
  for (const [key, inner] of Object.entries(target)) {
    out[key] = typeof inner === "object" ? resolve(inner, byId, depth + 1) : inner;
  }
  return out;
}
