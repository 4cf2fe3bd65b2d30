import type { TestDatabase } from "#lib/db/testing.ts";

/** What a client was told had happened; all of it must be there afterwards. */
type Ack =
  | { act: "propose"; id: string; personId: string }
  | { act: "sign"; decisionId: string; personId: string; outcome: string; state: string | null }
  | { act: "withdraw"; decisionId: string; state: string | null }
  | { act: "evidence"; title: string }
  | { act: "note"; id: string };

export type Tally = Record<string, number>;

/** What the clients asked for and what they were told, kept outside the database. */
export class Journal {
  operations = 0;
  unknown = 0;
  /** Calls without an answer while nothing was being killed. */
  readonly unexpected: string[] = [];
  readonly refusals: Tally = {};
  readonly acknowledged: Tally = {};
  readonly #acks: Ack[] = [];
  /** By decision and person: how many signatures were asked for and not refused. */
  readonly #signatures = new Map<string, number>();

  ack(ack: Ack): void {
    this.#acks.push(ack);
    this.acknowledged[ack.act] = (this.acknowledged[ack.act] ?? 0) + 1;
  }

  refuse(why: string): void {
    this.refusals[why] = (this.refusals[why] ?? 0) + 1;
  }

  /** Before the call `asked`, and after it `refused` when it was. */
  signature(decisionId: string, personId: string, how: "asked" | "refused"): void {
    const key = `${decisionId} ${personId}`;
    const step = how === "asked" ? 1 : -1;
    this.#signatures.set(key, (this.#signatures.get(key) ?? 0) + step);
  }

  /** What was acknowledged and is not there, what was refused and is there all the same, what stands twice. */
  async compare(db: TestDatabase): Promise<{ missing: string[]; done: string[]; twice: string[] }> {
    const stored = await storedIn(db);
    const missing = this.#acks
      .filter((ack) => !isThere(ack, stored))
      .map((ack) => JSON.stringify(ack));
    const done = [...stored.signOffs.keys()].filter(
      (key) => (this.#signatures.get(key) ?? 0) === 0,
    );
    return { missing, done, twice: stored.twice };
  }
}

type Stored = {
  decisions: Map<string, { proposerId: string; state: string }>;
  /** By decision and person: the outcome. */
  signOffs: Map<string, string>;
  notes: Set<string>;
  titles: Set<string>;
  /** Titles of records that stand more than once. */
  twice: string[];
};

async function storedIn({ pools }: TestDatabase): Promise<Stored> {
  const decisions = await pools.owner.query<{ id: string; proposer_id: string; state: string }>(
    "select id, proposer_id, state from decision",
  );
  const signOffs = await pools.owner.query<{ key: string; outcome: string }>(
    "select decision_id || ' ' || person_id as key, outcome from sign_off",
  );
  const notes = await pools.owner.query<{ id: string }>("select id from note");
  const records = await pools.owner.query<{ title: string; count: string }>(
    "select title, count(*) from evidence_item group by 1",
  );
  return {
    decisions: new Map(
      decisions.rows.map((row) => [row.id, { proposerId: row.proposer_id, state: row.state }]),
    ),
    signOffs: new Map(signOffs.rows.map(({ key, outcome }) => [key, outcome])),
    notes: new Set(notes.rows.map(({ id }) => id)),
    titles: new Set(records.rows.map(({ title }) => title)),
    twice: records.rows.filter(({ count }) => Number(count) > 1).map(({ title }) => title),
  };
}

function isThere(ack: Ack, stored: Stored): boolean {
  switch (ack.act) {
    case "propose":
      return stored.decisions.get(ack.id)?.proposerId === ack.personId;
    case "sign": {
      const state = stored.decisions.get(ack.decisionId)?.state;
      const isSettled = ack.state === "proposed" || state === ack.state;
      return isSettled && stored.signOffs.get(`${ack.decisionId} ${ack.personId}`) === ack.outcome;
    }
    case "withdraw":
      return stored.decisions.get(ack.decisionId)?.state === ack.state;
    case "evidence":
      return stored.titles.has(ack.title);
    case "note":
      return stored.notes.has(ack.id);
  }
}
