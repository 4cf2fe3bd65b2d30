import { expect, test } from "vitest";
import {
  allTechniques,
  currentTechnique,
  findTechnique,
  fullTechniqueName,
  isTactic,
  tacticName,
} from "./attack-table.ts";

test("the table is whole: ids unique, tactics known, successors present", () => {
  const techniques = [...allTechniques()];
  expect(techniques).toHaveLength(835);
  expect(techniques.filter((t) => t.revokedBy)).toHaveLength(132);
  for (const technique of techniques) {
    expect(technique.id).toMatch(/^T\d{4}(\.\d{3})?$/);
    expect(technique.tactics.every((t) => isTactic(t))).toBe(true);
    expect(findTechnique(technique.revokedBy ?? technique.id)).not.toBeNull();
    expect(findTechnique(technique.parent ?? technique.id)).not.toBeNull();
  }
});

test("a revoked id leads to the one in force", () => {
  expect(currentTechnique("T1086")?.id).toBe("T1059.001");
  expect(currentTechnique("t1059.001")?.name).toBe("PowerShell");
  expect(currentTechnique("T0000")).toBeNull();
});

test("a sub-technique's full name starts with its parent's", () => {
  const technique = findTechnique("T1003.001");
  expect(technique && fullTechniqueName(technique)).toBe("OS Credential Dumping: LSASS Memory");
  expect(technique?.tactics).toEqual(["credential-access"]);
});

test("a technique knows its parent, a tactic its name", () => {
  expect(findTechnique("T1059.001")?.parent).toBe("T1059");
  expect(findTechnique("T1059")?.parent).toBeNull();
  expect(tacticName("ta0006")).toBe("Credential Access");
  expect(tacticName("TA9999")).toBeNull();
});
