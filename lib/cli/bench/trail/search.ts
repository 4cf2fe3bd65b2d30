/** The audit room's list over a long log: each filter alone and in pairs, of what there is much, little and nothing of. */
import { randomUUID } from "node:crypto";
import { encodeCursor } from "#lib/queries/cursor.ts";
import { listTrailRows } from "#lib/queries/list-trail.ts";
import type { TrailFilter } from "#lib/queries/match-trail.ts";
import { kindsOfGroup } from "#lib/contracts/trail-kinds.ts";
import { atMost, percentile, round, told, type Figure } from "../../figures.ts";
import type { ScratchDatabase } from "../../scratch-database.ts";

const TARGET_MS = 50;
const ROUNDS = 6;
const MINUTE_MS = 60_000;

/** Of `size` entries, the first page with its count, and a page from the middle of the log on. */
export async function searchFigures({ web }: ScratchDatabase, size: number): Promise<Figure[]> {
  const middle = encodeCursor(String(Math.floor(size / 2)), "trail");
  const filters = filtersOf(await entryNear(web, Math.floor(size / 2)));
  const all: number[] = [];
  let slowest = { ms: 0, asked: "" };
  for (const filter of filters) {
    for (const cursor of [null, middle]) {
      // The first time is not counted: its pages of the database come from the disk.
      await listTrailRows(web, filter, cursor);
      const times: number[] = [];
      for (let turn = 0; turn < ROUNDS; turn += 1) {
        const startedAt = performance.now();
        await listTrailRows(web, filter, cursor);
        times.push(performance.now() - startedAt);
      }
      all.push(...times);
      const ms = percentile(times, 0.5);
      if (ms > slowest.ms) slowest = { ms, asked: wordsOf(filter, cursor) };
    }
  }
  const searched = `${filters.length} filters, of ${size} entries; first pages counted to 1,000, and pages from the middle on`;
  return [
    atMost("search.p95", percentile(all, 0.95), TARGET_MS, { n: all.length, note: searched }),
    told("search.slowest", round(slowest.ms), ROUNDS, `${slowest.asked}; median`, "ms"),
  ];
}

type Near = { actor: string; incident: string; kind: string; at: Date };

/** An entry of an incident at `seq` or soon after it. */
async function entryNear(web: ScratchDatabase["web"], seq: number): Promise<Near> {
  const [near] = await web.$queryRaw<Near[]>`
    SELECT actor, incident_id AS incident, kind, at FROM trail.entry
    WHERE seq >= ${seq} AND incident_id IS NOT NULL ORDER BY seq LIMIT 1`;
  if (!near) throw new Error("The log has no entry of an incident.");
  return near;
}

function filtersOf({ actor, incident, kind, at }: Near): TrailFilter[] {
  const stretch = {
    from: at.toISOString(),
    to: new Date(at.getTime() + MINUTE_MS).toISOString(),
  };
  // Entries are made in a pattern in which no person has entries of all kinds: one of these finds none.
  const kinds = ["evidence.read", "incident.assigned", "note.added", "session.started"];
  return [
    {},
    { actor },
    { incident },
    { role: "countersign_web" },
    { role: "countersign_signer" },
    { actor: randomUUID() },
    { incident: randomUUID() },
    { kinds: [kind] },
    { kinds: ["decision.signed"] },
    { kinds: kindsOfGroup("people") },
    { kinds: kindsOfGroup("decisions") },
    stretch,
    ...kinds.map((each) => ({ actor, kinds: [each] })),
    { actor, kinds: kindsOfGroup("people") },
    { actor, incident },
    { actor, role: "countersign_worker" },
    { actor, ...stretch },
    { incident, kinds: [kind] },
    { incident, kinds: ["decision.signed"] },
    { incident, ...stretch },
    { kinds: [kind], ...stretch },
    { kinds: [kind], role: "countersign_worker" },
    { role: "countersign_worker", ...stretch },
    { model: "a-model" },
    { model: "a-model", actor },
    { prompt: "summary/1" },
  ];
}

function wordsOf(filter: TrailFilter, cursor: string | null): string {
  return `${JSON.stringify(filter)}${cursor === null ? "" : " from the middle on"}`;
}
