/** What stands in the database of what clients did, read beside the product. */
import type { TestDatabase } from "#lib/db/testing.ts";

/** What a client asked for, named by what could stand of it. */
export type Asked =
  | { act: "propose"; idem: string }
  | { act: "sign"; decisionId: string; personId: string }
  | { act: "withdraw"; decisionId: string }
  | { act: "work"; incidentId: string; personId: string; status: string };

export function keyOf(asked: Asked): string {
  switch (asked.act) {
    case "propose":
      return `propose ${asked.idem}`;
    case "sign":
      return `sign ${asked.decisionId} ${asked.personId}`;
    case "withdraw":
      return `withdraw ${asked.decisionId}`;
    case "work":
      return `work ${asked.incidentId} ${asked.personId} ${asked.status}`;
  }
}

/** A status and when the incident stood at it, in ms since 1970, rounded outwards. */
export type Stood = { status: string; from: number; to: number };

export type Stored = {
  decisions: Map<string, { proposerId: string; state: string }>;
  /** By decision and person: outcome and assurance. */
  signOffs: Map<string, string>;
  notes: Set<string>;
  titles: Set<string>;
  /** By incident. */
  stood: Map<string, Stood[]>;
  /** By key: how often it was done. */
  done: Map<string, number>;
  /** Titles of records that stand more than once. */
  twice: string[];
};

type Decision = { id: string; proposer_id: string; state: string; idem: string };
type SignOff = { decision_id: string; person_id: string; outcome: string; assurance: string };
type Move = { incident_id: string; actor: string; status: string; at: number; by_hand: boolean };

/** Every step of a status as the trail tells it, by whom; times in ms. */
const MOVES = `
  select e.incident_id, e.actor, e.kind = 'incident.status_changed' as by_hand, extract(epoch from e.at)::float8 * 1000 as at,
    coalesce(p.told ->> 'to', p.told ->> 'toStatus') as status
  from trail.entry e join (select seq, convert_from(bytes, 'UTF8')::jsonb as told from trail.payload) p using (seq)
  where e.kind in ('incident.status_changed', 'decision.took_effect') order by e.incident_id, e.seq`;

export async function storedIn({ pools }: TestDatabase): Promise<Stored> {
  const rowsOf = async <T extends object>(sql: string) => (await pools.owner.query<T>(sql)).rows;
  const decisions = await rowsOf<Decision>("select id, proposer_id, state, idem from decision");
  const signOffs = await rowsOf<SignOff>(
    "select decision_id, person_id, outcome, assurance from sign_off",
  );
  const notes = await rowsOf<{ id: string }>("select id from note");
  const records = await rowsOf<{ title: string; count: string }>(
    "select title, count(*) from evidence_item group by 1",
  );
  const moves = await rowsOf<Move>(MOVES);
  return {
    decisions: new Map(
      decisions.map((row) => [row.id, { proposerId: row.proposer_id, state: row.state }]),
    ),
    signOffs: new Map(
      signOffs.map((row) => [
        `${row.decision_id} ${row.person_id}`,
        `${row.outcome} ${row.assurance}`,
      ]),
    ),
    notes: new Set(notes.map(({ id }) => id)),
    titles: new Set(records.map(({ title }) => title)),
    stood: stoodBy(moves, await rowsOf<{ id: string }>("select id from incident")),
    done: doneIn(decisions, signOffs, moves),
    twice: records.filter(({ count }) => Number(count) > 1).map(({ title }) => title),
  };
}

function stoodBy(moves: readonly Move[], incidents: readonly { id: string }[]) {
  const stood = new Map<string, Stood[]>();
  for (const { id } of incidents)
    stood.set(id, [{ status: "new", from: Number.NEGATIVE_INFINITY, to: Infinity }]);
  for (const { incident_id: id, status, at } of moves) {
    const steps = stood.get(id)!;
    steps.at(-1)!.to = Math.ceil(at);
    steps.push({ status, from: Math.floor(at), to: Infinity });
  }
  return stood;
}

function doneIn(
  decisions: readonly Decision[],
  signOffs: readonly SignOff[],
  moves: readonly Move[],
): Map<string, number> {
  const done = new Map<string, number>();
  const add = (asked: Asked) => done.set(keyOf(asked), (done.get(keyOf(asked)) ?? 0) + 1);
  for (const { id, state, idem } of decisions) {
    if (state !== "refused") add({ act: "propose", idem });
    if (state === "withdrawn") add({ act: "withdraw", decisionId: id });
  }
  for (const row of signOffs)
    add({ act: "sign", decisionId: row.decision_id, personId: row.person_id });
  for (const { incident_id: incidentId, actor, status, by_hand } of moves)
    if (by_hand) add({ act: "work", incidentId, personId: actor.replace("person:", ""), status });
  return done;
}
