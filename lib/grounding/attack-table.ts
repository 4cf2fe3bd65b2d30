import { ATTACK_ROWS, ATTACK_TACTICS } from "./attack-techniques.ts";

/**
 * One ATT&CK technique or sub-technique. `tactics` are short names ("credential-access").
 * `parent` is the technique a sub-technique belongs to. `revokedBy` is the id that replaced it; `retired`
 * one that was deprecated without a successor.
 */
export type AttackTechnique = {
  id: string;
  name: string;
  tactics: string[];
  parent: string | null;
  revokedBy: string | null;
  retired: boolean;
};

const TABLE = readTable(ATTACK_ROWS);

/** The technique with this id ("T1059.001", any case), as the table has it, or null. */
export function findTechnique(id: string): AttackTechnique | null {
  return TABLE.get(id.trim().toUpperCase()) ?? null;
}

/** The technique in force for an id: follows `revokedBy` to its end. Null for an unknown id. */
export function currentTechnique(id: string): AttackTechnique | null {
  let technique = findTechnique(id);
  const seen = new Set<string>();
  while (technique?.revokedBy && !seen.has(technique.id)) {
    seen.add(technique.id);
    technique = findTechnique(technique.revokedBy) ?? technique;
  }
  return technique;
}

/** "Command and Scripting Interpreter: PowerShell" for a sub-technique, the name alone otherwise. */
export function fullTechniqueName(technique: AttackTechnique): string {
  const parent = technique.parent === null ? undefined : TABLE.get(technique.parent);
  return parent ? `${parent.name}: ${technique.name}` : technique.name;
}

/** A tactic's name by its id ("TA0006"), any case, or null. */
export function tacticName(id: string): string | null {
  const wanted = id.trim().toUpperCase();
  return ATTACK_TACTICS.find(([known]) => known === wanted)?.[2] ?? null;
}

export function isTactic(shortName: string): boolean {
  return ATTACK_TACTICS.some(([, short]) => short === shortName);
}

export function allTechniques(): IterableIterator<AttackTechnique> {
  return TABLE.values();
}

function readTable(rows: string): Map<string, AttackTechnique> {
  const table = new Map<string, AttackTechnique>();
  for (const row of rows.split(";")) {
    const [id, name, tactics = "", revokedBy = "", retired = ""] = row.trim().split("|");
    if (!id || !name) continue;
    table.set(id, {
      id,
      name,
      tactics: [...tactics].map((place) => ATTACK_TACTICS[Number.parseInt(place, 36)]?.[1] ?? ""),
      parent: id.includes(".") ? id.slice(0, id.indexOf(".")) : null,
      revokedBy: revokedBy || null,
      retired: retired === "x",
    });
  }
  return table;
}
