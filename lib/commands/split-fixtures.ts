/** Incidents to split in a test, and what must hold of any of them. */
import { expect } from "vitest";
import type { TestDatabase } from "#lib/db/testing.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange } from "#lib/trail/tree.ts";
import { at, ingest, observables } from "./ingest-fixtures.ts";

export const SEVERITIES = ["low", "high", "medium", "critical", "low"];

/** An incident of five alerts under this key, each of a host of its own and of one that all share. */
export async function openCase(
  db: TestDatabase,
  { source, key }: { source: { id: string; name: string }; key: string },
): Promise<string> {
  const alerts = SEVERITIES.map((severity, n) => ({
    recordId: `${key}-${n}`,
    severity,
    title: `${key} alert ${n}`,
    time: at(`0${n}:00:00`),
    observables: observables(`host:${key.toLowerCase()}-${n}`, `host:${key.toLowerCase()}`),
  }));
  const { incidents } = await ingest(db.web, source, alerts, key);
  return incidents[0]!.id;
}

export type Items = { id: string; position: number }[];

export async function itemsOf(db: TestDatabase, incidentId: string): Promise<Items> {
  return db.owner.$queryRaw<Items>`
    SELECT id, position FROM evidence_item WHERE incident_id = ${incidentId}::uuid ORDER BY position`;
}

/** Root, compact range and count are those of the leaves as they lie there, and their places have no gap. Gives their number. */
export async function expectLeaves(db: TestDatabase, incidentId: string): Promise<number> {
  const leaves = await db.owner.$queryRaw<{ id: string; position: number; sha256: Uint8Array }[]>`
    SELECT id, position, sha256(raw) AS sha256 FROM evidence_leaf WHERE incident_id = ${incidentId}::uuid ORDER BY position`;
  const range = new CompactRange();
  for (const leaf of leaves) {
    expect(leaf.position).toBe(range.size + 1);
    range.append(evidenceLeaf(leaf, leaf.position));
  }
  const incident = await db.web.incident.findUniqueOrThrow({ where: { id: incidentId } });
  expect(Buffer.from(incident.evidenceRoot).equals(range.root())).toBe(true);
  expect(Buffer.from(incident.evidencePeaks).equals(range.toBytes())).toBe(true);
  expect(incident.evidenceCount).toBe(leaves.length);
  expect(incident.alertCount).toBe((await itemsOf(db, incidentId)).length);
  const counted = await db.owner.$queryRaw<{ counted: boolean }[]>`
    SELECT gate.evidence_is_counted(i) AS counted FROM incident i WHERE id = ${incidentId}::uuid`;
  expect(counted).toEqual([{ counted: true }]);
  return leaves.length;
}
