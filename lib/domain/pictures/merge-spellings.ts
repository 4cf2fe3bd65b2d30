/**
 * Entities are one where they differ in case alone; a host's short name is the long one where exactly one long name
 * begins so. File paths, registry keys and cloud resources keep their spelling, for case may tell them apart.
 */
import type { EntityType } from "./relations.ts";

const AS_WRITTEN: readonly EntityType[] = ["file", "registry", "cloud"];

/** For each entity seen, the value that stands for it. Keys are `type:value`. */
export function mergeSpellings(
  seen: Iterable<{ type: EntityType; value: string }>,
): Map<string, string> {
  const chosen = new Map<string, string>();
  const longNames = new Map<string, Set<string>>();
  const all = [...seen];
  for (const { type, value } of all) {
    const name = AS_WRITTEN.includes(type) ? value : value.toLowerCase();
    chosen.set(`${type}:${value}`, name);
    const dot = name.indexOf(".");
    if (type !== "host" || dot <= 0 || isAddress(name)) continue;
    const short = name.slice(0, dot);
    const known = longNames.get(short);
    if (known) known.add(name);
    else longNames.set(short, new Set([name]));
  }
  for (const { type, value } of all) {
    if (type !== "host") continue;
    const longer = longNames.get(value.toLowerCase());
    if (longer?.size === 1) chosen.set(`${type}:${value}`, [...longer][0]!);
  }
  return chosen;
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name);
}
