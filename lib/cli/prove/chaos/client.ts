import { randomUUID } from "node:crypto";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { WorkStatus } from "#lib/commands/work-incident.ts";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import { seededRandom } from "../drill/wait.ts";
import type { ChaosDesk, ChaosPerson } from "./desk.ts";
import type { Answer, Door, Target } from "./door.ts";
import type { Journal } from "./journal.ts";
import type { Asked } from "./stored.ts";

export type ClientOptions = {
  db: TestDatabase;
  desk: ChaosDesk;
  person: ChaosPerson;
  door: Door;
  journal: Journal;
  seed: number;
  /** The most calls one client makes. */
  callsMax: number;
  signal: AbortSignal;
  /** Settles once what was killed answers again. */
  whenUp: () => Promise<void>;
  /** Was anything being killed or coming back since this moment (`performance.now()`)? */
  isDisturbed: (since: number) => boolean;
};

/** Out of a hundred acts, up to these are of each kind. */
const SHARES = {
  sign: 48,
  propose: 78,
  reject: 81,
  withdraw: 84,
  note: 92,
  evidence: 96,
  work: 100,
};
const KINDS: DecisionKind[] = [
  "closure",
  "closure",
  "reopening",
  "reopening",
  "containment",
  "escalation",
];
const STATUSES: WorkStatus[] = ["new", "in_progress", "on_hold"];
/** So often an approval is by passkey. */
const BY_PASSKEY = 0.4;
/** So often a page is signed that was opened a while ago. */
const OLD_PAGES = 0.2;
const PAGES_KEPT = 40;

/** One person at their desk, doing whatever comes, until told to stop. */
export async function actAtRandom(options: ClientOptions): Promise<void> {
  const { journal, signal, callsMax, whenUp, isDisturbed, door } = options;
  const client = new Client(options);
  for (let n = 0; n < callsMax && !signal.aborted; n += 1) {
    const since = performance.now();
    try {
      await client.act();
    } catch (error) {
      journal.unanswered({
        text: `${door.name}: ${firstLine(error)}`,
        isDisturbed: isDisturbed(since),
      });
      await whenUp();
    }
  }
}

function firstLine(error: unknown): string {
  const lines = (error as Error).message.split("\n");
  return (lines.findLast((line) => line.trim() !== "") ?? "").trim().slice(0, 300);
}

class Client {
  readonly #given: ClientOptions;
  readonly #random: () => number;
  readonly #pages: Target[] = [];

  constructor(given: ClientOptions) {
    this.#given = given;
    this.#random = seededRandom(given.seed);
  }

  act(): Promise<void> {
    const draw = this.#random() * 100;
    if (draw < SHARES.sign) return this.#sign("approved");
    if (draw < SHARES.propose) return this.#propose();
    if (draw < SHARES.reject) return this.#sign("rejected");
    if (draw < SHARES.withdraw) return this.#withdraw();
    if (draw < SHARES.note) return this.#note();
    return draw < SHARES.evidence ? this.#addEvidence() : this.#work();
  }

  async #propose(): Promise<void> {
    const { door, person, journal } = this.#given;
    const [incidentId, kind, idem] = [this.#incident().id, this.#one(KINDS), randomUUID()];
    const asked = { act: "propose", idem } as const;
    const call = () => this.#call(() => door.propose(incidentId, kind, idem), asked);
    const { ok, id } = await this.#untilAnswered(call);
    if (id === null) return;
    const state = ok ? "proposed" : "refused";
    journal.ack({ act: "propose", id, personId: person.id, state });
  }

  async #sign(outcome: "approved" | "rejected"): Promise<void> {
    const target = await this.#page();
    if (!target) return;
    const { door, person, journal } = this.#given;
    const [decisionId, personId] = [target.id, person.id];
    const isByPasskey = outcome === "approved" && this.#random() < BY_PASSKEY;
    const assurance = isByPasskey ? "passkey" : "password";
    const answer = await this.#call(
      () => (isByPasskey ? door.signByPasskey(target) : door.sign(target, outcome)),
      { act: "sign", decisionId, personId },
    );
    if (!answer.ok) return;
    const act = outcome === "approved" ? "sign" : "reject";
    journal.ack({ act, decisionId, personId, assurance, state: answer.state });
  }

  async #withdraw(): Promise<void> {
    const target = await this.#page();
    if (!target) return;
    const { door, journal } = this.#given;
    const decisionId = target.id;
    const answer = await this.#call(() => door.withdraw(target), { act: "withdraw", decisionId });
    if (answer.ok) journal.ack({ act: "withdraw", decisionId, state: answer.state });
  }

  async #note(): Promise<void> {
    const { door, journal } = this.#given;
    const answer = await this.#call(() => door.note(this.#incident().id, `Seen ${randomUUID()}.`));
    if (answer.ok && answer.id !== null) journal.ack({ act: "note", id: answer.id });
  }

  async #addEvidence(): Promise<void> {
    const { db, desk, journal } = this.#given;
    const [incident, title] = [this.#incident(), `Alert ${randomUUID()}`];
    await this.#untilAnswered(() =>
      this.#call(async () => {
        await desk.addEvidence(db.web, incident, title);
        return { ok: true, id: null, state: null };
      }),
    );
    journal.ack({ act: "evidence", title });
  }

  async #work(): Promise<void> {
    const { door, journal, person } = this.#given;
    const [incidentId, status] = [this.#incident().id, this.#one(STATUSES)];
    const askedAt = Date.now();
    const { ok } = await this.#call(() => door.work(incidentId, status), {
      ...{ act: "work", incidentId, personId: person.id, status },
    });
    if (ok) journal.ack({ act: "work", incidentId, status, askedAt, answeredAt: Date.now() });
  }

  async #call(run: () => Promise<Answer>, asked?: Asked): Promise<Answer> {
    const { journal } = this.#given;
    journal.operations += 1;
    if (asked) journal.count(asked, "asked");
    const answer = await run();
    if (!answer.ok) journal.refuse(answer.why);
    if (!answer.ok && asked) journal.count(asked, "refused");
    return answer;
  }

  /** An answer that got lost is asked for again, with the same key, once things are up. */
  async #untilAnswered(call: () => Promise<Answer>): Promise<Answer> {
    const since = performance.now();
    try {
      return await call();
    } catch (error) {
      if (this.#random() < 0.5) throw error;
      const { journal, isDisturbed, whenUp, door } = this.#given;
      journal.unanswered({
        text: `${door.name}: ${firstLine(error)}`,
        isDisturbed: isDisturbed(since),
      });
      await whenUp();
      return call();
    }
  }

  /** A decision as its page shows it: an open one, or one that was seen before and may be over. */
  async #page(): Promise<Target | undefined> {
    if (this.#pages.length > 0 && this.#random() < OLD_PAGES) return this.#one(this.#pages);
    const { rows } = await this.#given.db.pools.web.query<Target>(
      `select id, incident_id as "incidentId", kind, encode(statement_sha256, 'hex') as sha256
       from decision where incident_id = $1 and state = 'proposed'`,
      [this.#incident().id],
    );
    const found = rows.length > 0 ? this.#one(rows) : undefined;
    if (found) this.#pages.push(found);
    if (this.#pages.length > PAGES_KEPT) this.#pages.shift();
    return found;
  }

  #incident() {
    return this.#one(this.#given.desk.incidents);
  }

  #one<T>(of: readonly T[]): T {
    return of[Math.floor(this.#random() * of.length)]!;
  }
}
