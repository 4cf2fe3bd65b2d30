import { REVOKED_TECHNIQUES } from "./attack-revoked.ts";

const TECHNIQUE = /(?<![A-Za-z0-9])T(\d{4})(?:[./](\d{3}))?(?![0-9])/gi;

/**
 * The ATT&CK technique ids in what a source tagged ("T1086", "TA0006:T1110.003",
 * "T1059.001 - PowerShell"), each followed to the id that replaced it. T0000 names nothing.
 */
export function techniqueIds(written: readonly string[]): string[] {
  const ids = new Set<string>();
  for (const value of written) {
    for (const [, parent, sub] of value.matchAll(TECHNIQUE)) {
      if (parent === "0000") continue;
      const id = sub ? `T${parent}.${sub}` : `T${parent}`;
      ids.add(REVOKED_TECHNIQUES.get(id) ?? id);
    }
  }
  return [...ids];
}
