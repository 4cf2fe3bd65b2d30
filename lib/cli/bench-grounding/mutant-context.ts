/** What an operator may look things up in: the claim's incident, its siblings, and other incidents. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { BenchIncident, Lie } from "./bench-claim.ts";
import type { Injection, Variants } from "./evidence-variants.ts";
import { valuesOf } from "./oracle.ts";
import { fieldsLike } from "./slots.ts";
import type { Random } from "./random.ts";

export type Context = {
  incident: BenchIncident;
  /** Other true claims of the incident. */
  siblings: (claim: DraftClaim) => DraftClaim[];
  /** Different values of a field in the incident. */
  values: (field: string) => string[];
  /** Values of fields of the same type in other incidents of the same side. */
  foreign: (field: string) => string[];
  /** An evidence id of another incident. */
  foreignId: string;
  cited: (claim: DraftClaim) => EvidenceRecord[];
  byLabel: (label: string) => EvidenceRecord | undefined;
  /** The incident's records with records of another incident behind them. */
  late: EvidenceRecord[];
  /** Where an attacker's text was put into the records of the variant `injected`. */
  injections: Injection[];
};

/** Pure: the same claim, context and numbers give the same lies. */
export type Operator = (claim: DraftClaim, context: Context, random: Random) => Lie[];

/** Values by field of everything that was loaded for one side. */
export type Pool = Map<string, { incident: string; value: string }[]>;

const POOLED = 40;

export function poolOf(incidents: BenchIncident[]): Pool {
  const pool: Pool = new Map();
  for (const { id, records } of incidents) {
    const seen = new Map<string, Set<string>>();
    for (const record of records)
      for (const field of Object.keys(record.fields)) {
        const known = seen.get(field) ?? new Set();
        seen.set(field, known);
        if (known.size < POOLED) for (const value of valuesOf(record, field)) known.add(value);
      }
    for (const [field, values] of seen) {
      const all = pool.get(field) ?? [];
      for (const value of values) all.push({ incident: id, value });
      pool.set(field, all);
    }
  }
  return pool;
}

export function contextOf(
  incident: BenchIncident,
  claims: DraftClaim[],
  pool: Pool,
  variants: Variants,
): Context {
  const memo = new Map<string, string[]>();
  const remembered = (key: string, find: () => string[]) => {
    const known = memo.get(key) ?? find();
    memo.set(key, known);
    return known;
  };
  const byLabel = (label: string) => incident.records[Number(label.slice(1)) - 1];
  return {
    incident,
    late: variants.late,
    injections: variants.injections,
    siblings: (claim) => claims.filter((other) => other !== claim),
    values: (field) =>
      remembered(`own ${field}`, () => [
        ...new Set(incident.records.flatMap((r) => valuesOf(r, field))),
      ]),
    foreign: (field) =>
      remembered(`foreign ${field}`, () => [
        ...new Set(
          fieldsLike(field).flatMap((f) =>
            (pool.get(f) ?? []).flatMap((v) => (v.incident === incident.id ? [] : v.value)),
          ),
        ),
      ]),
    foreignId: `other/${incident.id}#1`,
    cited: (claim) => [...new Set(claim.citations.flatMap(({ id }) => byLabel(id) ?? []))],
    byLabel,
  };
}

/** Held-out incidents are lied about in reserved words too. */
export function wordsOf(context: Context, known: string[], reserved: string[]): string[] {
  return context.incident.side === "held-out" ? [...known, ...reserved] : known;
}
