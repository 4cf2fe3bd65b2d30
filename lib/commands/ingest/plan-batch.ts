import type { Tx } from "#lib/db/prisma.ts";
import { planIncidents } from "#lib/domain/alert/correlate.ts";
import type { CorrelationPlan, CorrelationRecord } from "#lib/domain/alert/correlate.ts";
import { LONGEST_WINDOW_MS } from "#lib/domain/alert/rules.ts";
import type { Observable, ObservableType } from "#lib/domain/evidence/record.ts";
import { findCandidates } from "./find-candidates.ts";
import type { Candidates } from "./find-candidates.ts";
import type { PreparedRecord } from "./prepare.ts";
import { ruleOf } from "./rule-of.ts";

/** A stored record that joined nothing when it came. */
export type LooseEvent = {
  id: string;
  at: number | null;
  sha256: Uint8Array;
  sourceName: string;
  observables: Observable[];
};

export type BatchPlan = CorrelationPlan & {
  /** The loose events that take part, by their ref. */
  looseByRef: Map<number, LooseEvent>;
};

/** More loose events than this stay loose: an alert does not wait for a flood. */
const LOOSE_PER_BATCH = 20_000;
const ROUNDS_MAX = 3;

/**
 * Plans a batch together with the loose events its incidents reach. Each round may show new values (the
 * hosts of events that joined), so it asks again, at most three times.
 */
export async function planBatch(
  tx: Tx,
  sourceId: string,
  requestKey: string | null,
  records: readonly PreparedRecord[],
  attach: readonly LooseEvent[],
): Promise<BatchPlan> {
  const candidates = await findCandidates(tx, sourceId, requestKey, records);
  const own = records.map((record, ref) => asCorrelationRecord(sourceId, record, ref));
  const looseByRef = new Map(attach.map((event, n) => [own.length + n, event]));
  const asked = new Set<string>();
  for (let round = 1; ; round += 1) {
    const plan = plans(requestKey, own, candidates, looseByRef);
    if (requestKey !== null || round > ROUNDS_MAX) return { ...plan, looseByRef };
    const found = await findLoose(tx, plan, asked, LOOSE_PER_BATCH - looseByRef.size);
    const known = new Set([...looseByRef.values()].map(({ id }) => id));
    const fresh = found.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return { ...plan, looseByRef };
    for (const event of fresh) looseByRef.set(own.length + looseByRef.size, event);
  }
}

function plans(
  requestKey: string | null,
  own: CorrelationRecord[],
  candidates: Candidates,
  looseByRef: Map<number, LooseEvent>,
): CorrelationPlan {
  const loose = [...looseByRef].map(([ref, event]): CorrelationRecord => ({
    ref,
    kind: "event",
    recordKey: event.id,
    at: event.at,
    sourceIncidentId: null,
    alertIds: [],
    observables: event.observables,
    rule: null,
  }));
  return planIncidents({ requestKey, records: [...own, ...loose], ...candidates });
}

function asCorrelationRecord(
  sourceId: string,
  prepared: PreparedRecord,
  ref: number,
): CorrelationRecord {
  const { record, recordKey, at, observables } = prepared;
  const { kind, sourceIncidentId, alertIds } = record;
  const rule = ruleOf(sourceId, prepared);
  return { ref, kind, recordKey, at, sourceIncidentId, alertIds, observables, rule };
}

/** Loose events that carry a linking value nobody asked for yet, within the longest window. */
async function findLoose(
  tx: Tx,
  plan: CorrelationPlan,
  asked: Set<string>,
  room: number,
): Promise<LooseEvent[]> {
  const keys: string[] = [];
  let [from, to] = [Infinity, -Infinity];
  for (const { linking } of plan.groups) {
    for (const [key, span] of linking) {
      if (asked.has(key)) continue;
      asked.add(key);
      keys.push(key);
      from = Math.min(from, span.first);
      to = Math.max(to, span.last);
    }
  }
  if (keys.length === 0 || room <= 0) return [];
  const rows = await tx.$queryRaw<LooseRow[]>`
    SELECT e.id, (extract(epoch FROM e.time) * 1000)::float8 AS at, e.raw_sha256, e.observables, s.name
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.incident_id IS NULL AND e.kind = 'event' AND e.observables && ${keys}::text[]
      AND e.time BETWEEN ${new Date(from - LONGEST_WINDOW_MS)} AND ${new Date(to + LONGEST_WINDOW_MS)}
    ORDER BY e.time, e.id LIMIT ${room}::int`;
  return rows.map(asLoose);
}

export type LooseRow = {
  id: string;
  at: number | null;
  raw_sha256: Uint8Array;
  observables: string[];
  name: string;
};

export function asLoose({ id, at, raw_sha256: sha256, observables, name }: LooseRow): LooseEvent {
  return { id, at, sha256, sourceName: name, observables: observables.map(observableOf) };
}

export function observableOf(key: string): Observable {
  const colon = key.indexOf(":");
  return { type: key.slice(0, colon) as ObservableType, value: key.slice(colon + 1) };
}
