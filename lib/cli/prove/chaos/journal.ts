import type { TestDatabase } from "#lib/db/testing.ts";
import { keyOf, storedIn, type Asked, type Stored } from "./stored.ts";

/** What a client was told had happened; all of it must be there afterwards. Times are `Date.now()`. */
export type Ack =
  | { act: "propose"; id: string; personId: string; state: "proposed" | "refused" }
  | {
      act: "sign" | "reject";
      decisionId: string;
      personId: string;
      assurance: "password" | "passkey";
      state: string | null;
    }
  | { act: "withdraw"; decisionId: string; state: string | null }
  /** It stood at this status at some moment between question and answer. */
  | { act: "work"; incidentId: string; status: string; askedAt: number; answeredAt: number }
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
  /** By what could stand of it: how often it was asked for and not refused. */
  readonly #asked = new Map<string, number>();

  ack(ack: Ack): void {
    this.#acks.push(ack);
    this.acknowledged[ack.act] = (this.acknowledged[ack.act] ?? 0) + 1;
  }

  refuse(why: string): void {
    this.refusals[why] = (this.refusals[why] ?? 0) + 1;
  }

  /** A call without an answer that began `since`: nobody may be left without one while nothing was being killed. */
  unanswered(call: { text: string; isDisturbed: boolean }): void {
    this.unknown += 1;
    if (!call.isDisturbed) this.unexpected.push(call.text);
  }

  /** Before the call `asked`, and after it `refused` when it was. */
  count(asked: Asked, how: "asked" | "refused"): void {
    const key = keyOf(asked);
    const step = how === "asked" ? 1 : -1;
    this.#asked.set(key, (this.#asked.get(key) ?? 0) + step);
  }

  /** What was acknowledged and is not there, what was refused and is there all the same, what stands twice. */
  async compare(db: TestDatabase): Promise<{ missing: string[]; done: string[]; twice: string[] }> {
    const stored = await storedIn(db);
    const missing = this.#acks
      .filter((ack) => !isThere(ack, stored))
      .map((ack) => JSON.stringify(ack));
    const done = [...stored.done]
      .filter(([key, count]) => count > (this.#asked.get(key) ?? 0))
      .map(([key]) => key);
    return { missing, done, twice: stored.twice };
  }
}

function isThere(ack: Ack, stored: Stored): boolean {
  switch (ack.act) {
    case "propose": {
      const found = stored.decisions.get(ack.id);
      const isRefused = found?.state === "refused";
      return found?.proposerId === ack.personId && isRefused === (ack.state === "refused");
    }
    case "sign":
    case "reject": {
      const state = stored.decisions.get(ack.decisionId)?.state;
      const isSettled = ack.state === "proposed" || state === ack.state;
      const outcome = ack.act === "sign" ? "approved" : "rejected";
      const signOff = stored.signOffs.get(`${ack.decisionId} ${ack.personId}`);
      return isSettled && signOff === `${outcome} ${ack.assurance}`;
    }
    case "withdraw":
      return stored.decisions.get(ack.decisionId)?.state === ack.state;
    case "work": {
      const stood = stored.stood.get(ack.incidentId) ?? [];
      return stood.some(
        ({ status, from, to }) =>
          status === ack.status && from <= ack.answeredAt && to >= ack.askedAt,
      );
    }
    case "evidence":
      return stored.titles.has(ack.title);
    case "note":
      return stored.notes.has(ack.id);
  }
}
