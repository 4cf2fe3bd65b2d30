import type { Tx } from "#lib/db/prisma.ts";
import { observableKey } from "#lib/domain/evidence/record.ts";
import type { Observable } from "#lib/domain/evidence/record.ts";
import type { CorrelationGroup } from "#lib/domain/alert/correlate.ts";
import { observableOf } from "./plan-batch.ts";
import { isoOf } from "./write-incidents.ts";

type Sighting = { count: number; first: number | null; last: number | null };

/** Counts what a batch showed in each incident, and keeps which values may tie later records to it. */
export async function storeObservables(
  tx: Tx,
  changes: {
    incidentId: string;
    group: CorrelationGroup;
    seen: { at: number | null; observables: Observable[] }[];
  }[],
): Promise<void> {
  const sightings: object[] = [];
  const links: object[] = [];
  for (const { incidentId, group, seen } of changes) {
    for (const [key, sighting] of tally(seen)) {
      const { type, value } = observableOf(key);
      const { count, first, last } = sighting;
      sightings.push({
        i: incidentId,
        t: type,
        v: value,
        s: group.linking.has(key),
        n: count,
        f: isoOf(first),
        l: isoOf(last),
      });
    }
    for (const [key, { first, last }] of group.linking) {
      const { type, value } = observableOf(key);
      links.push({ i: incidentId, t: type, v: value, f: isoOf(first), l: isoOf(last) });
    }
  }
  if (sightings.length > 0) await upsertSightings(tx, JSON.stringify(sightings));
  if (links.length > 0) await upsertLinks(tx, JSON.stringify(links));
}

function tally(seen: { at: number | null; observables: Observable[] }[]): Map<string, Sighting> {
  const tallies = new Map<string, Sighting>();
  for (const { at, observables } of seen) {
    for (const observable of observables) {
      const key = observableKey(observable);
      const known = tallies.get(key);
      if (!known) {
        tallies.set(key, { count: 1, first: at, last: at });
        continue;
      }
      known.count += 1;
      if (at === null) continue;
      known.first = Math.min(known.first ?? at, at);
      known.last = Math.max(known.last ?? at, at);
    }
  }
  return tallies;
}

async function upsertSightings(tx: Tx, json: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO incident_observable AS o (incident_id, type, value, specific, count, first_at, last_at)
    SELECT r.i, r.t, r.v, r.s, r.n, r.f, r.l
    FROM json_to_recordset(${json}::json) AS r(i uuid, t text, v text, s boolean, n int, f timestamptz, l timestamptz)
    ON CONFLICT (incident_id, type, value) DO UPDATE SET
      specific = o.specific OR excluded.specific, count = o.count + excluded.count,
      first_at = least(o.first_at, excluded.first_at), last_at = greatest(o.last_at, excluded.last_at)`;
}

async function upsertLinks(tx: Tx, json: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO incident_link AS k (incident_id, type, value, first_at, last_at)
    SELECT r.i, r.t, r.v, r.f, r.l
    FROM json_to_recordset(${json}::json) AS r(i uuid, t text, v text, f timestamptz, l timestamptz)
    ON CONFLICT (type, value, incident_id) DO UPDATE SET
      first_at = least(k.first_at, excluded.first_at), last_at = greatest(k.last_at, excluded.last_at)`;
}
