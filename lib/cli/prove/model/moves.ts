import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import type { ActionAnswer, ActionCall } from "../drill/product-web.ts";
import {
  proposal,
  shownByIdem,
  signature,
  withdrawal,
  type ModelDesk,
  type Shown,
} from "./desk.ts";
import * as reference from "./reference.ts";
import type { Expected, Model, Signature, Who } from "./reference.ts";

/** One incident of the product beside the model's; its decisions in the order they were proposed. */
export type Real = { desk: ModelDesk; incidentId: string; decisions: Shown[]; count: () => void };

/** `lost`: the answer never arrives, and the call is made again. `twice`: a double click, both at once. */
type Delivery = "once" | "lost" | "twice";

type Move = {
  name: string;
  how: Delivery;
  needsDecision: boolean;
  apply: (model: Model) => Expected;
  /** What a second, equal call does; default: the same move once more. */
  again?: (model: Model, first: Expected) => Expected;
  /** Made before the model moves. */
  call: (real: Real, model: Model) => ActionCall;
  /** What the page then shows. */
  after?: (real: Real, call: ActionCall) => Promise<void>;
};

class Act implements fc.AsyncCommand<Model, Real> {
  readonly #move: Move;

  constructor(move: Move) {
    this.#move = move;
  }

  check({ decisions }: Readonly<Model>): boolean {
    return !this.#move.needsDecision || decisions.length > 0;
  }

  async run(model: Model, real: Real): Promise<void> {
    const { how, apply, again, call: callOf, after } = this.#move;
    const call = callOf(real, model);
    const send = () => real.desk.web.send(call);
    const first = apply(model);
    const second = how === "once" ? first : (again?.(model, first) ?? apply(model));
    real.count();
    if (how === "once") expectAnswer(first, await send());
    if (how === "lost") {
      await send();
      expectAnswer(second, await send());
    }
    if (how === "twice") expectBoth([first, second], await Promise.all([send(), send()]));
    await after?.(real, call);
    await expectAgreement(model, real);
  }

  toString(): string {
    return `${this.#move.name}${this.#move.how === "once" ? "" : ` (${this.#move.how})`}`;
  }
}

/** Which of two simultaneous calls came first nobody knows: as many of them are done as the model says. */
function expectBoth(expected: Expected[], answers: ActionAnswer[]): void {
  const done = (of: { ok: boolean }[]) => of.filter(({ ok }) => ok).length;
  if (done(expected) !== done(answers))
    throw new Error(
      `Expected ${JSON.stringify(expected)}, both came to ${JSON.stringify(answers)}`,
    );
}

function expectAnswer(expected: Expected, answer: ActionAnswer): void {
  const code = answer.code === "decision_refused" ? answer.reasons[0] : answer.code;
  const isRight = expected.ok
    ? answer.ok && (expected.state === null || answer.data["state"] === expected.state)
    : !answer.ok && code === expected.code;
  if (!isRight)
    throw new Error(`Expected ${JSON.stringify(expected)}, got ${JSON.stringify(answer)}`);
}

async function expectAgreement(model: Model, real: Real): Promise<void> {
  const { rows } = await real.desk.db.pools.owner.query<{ state: string }>(
    `select concat_ws(' ', i.status, i.escalated_by is not null, coalesce(i.verdict, 'none'),
       (select count(*) from transition t where t.incident_id = i.id),
       (select string_agg(d.state || ':' || (select count(*) from sign_off s where s.decision_id = d.id), ',' order by array_position($2::uuid[], d.id))
        from decision d where d.incident_id = i.id)) as state
     from incident i where i.id = $1`,
    [real.incidentId, real.decisions.map(({ id }) => id)],
  );
  const decisions = model.decisions.map(
    ({ state, approved, rejected }) => `${state}:${approved.length + rejected.length}`,
  );
  const told = [model.status, model.escalated ? "t" : "f", model.verdict ?? "none", model.effects];
  const expected = [...told, ...(decisions.length > 0 ? [decisions.join(",")] : [])].join(" ");
  if (rows[0]!.state !== expected)
    throw new Error(`The model stands at "${expected}", the product at "${rows[0]!.state}"`);
}

const who = fc.constantFrom<Who>("ana", "ana", "ana", "bo", "bo", "bo", "lea", "lea", "lea", "aud");
const how = fc.constantFrom<Delivery>("once", "once", "once", "lost", "twice");
function mostly<T>(often: T, seldom: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 7, arbitrary: fc.constant(often) }, fc.constant(seldom));
}
const kind = fc.constantFrom<DecisionKind>(
  "escalation",
  "containment",
  "closure",
  "closure",
  "reopening",
);
const status = fc.constantFrom<"new" | "in_progress" | "on_hold">("new", "in_progress", "on_hold");
const verdict = fc.constantFrom("benign", "true_positive", null);

const proposes = fc
  .record({ who, how, kind, fits: fc.constantFrom(true, true, false) })
  .map(({ who, how, kind, fits }) => {
    const kindFor = (model: Model) => (fits ? reference.fitting(model, kind) : kind);
    return new Act({
      name: `${who} proposes a ${kind}${fits ? ", or what fits" : ""}`,
      how,
      needsDecision: false,
      apply: (model) => reference.propose(model, kindFor(model), who),
      // the form has one key, however often it is sent
      again: (_, first) => first,
      call: ({ desk, incidentId }, model) =>
        proposal(desk, who, { incidentId, kind: kindFor(model), idem: randomUUID() }),
      after: async (real, call) => {
        const [{ idem }] = JSON.parse(call.body) as [{ idem: string }];
        const shown = await shownByIdem(real.desk, idem);
        if (shown) real.decisions.push(shown);
      },
    });
  });

const signs = fc
  .record({
    by: who,
    how,
    nth: fc.nat(40),
    isLatest: fc.constantFrom(true, true, true, false),
    outcome: mostly<Signature["outcome"]>("approved", "rejected"),
    page: mostly<Signature["page"]>("right", "old"),
  })
  .map(
    ({ by, how, nth, isLatest, outcome, page }) =>
      new Act({
        name: `${by} signs ${isLatest ? "the latest" : `number ${nth}`}: ${outcome}, on the ${page} page`,
        how,
        needsDecision: true,
        apply: (model) =>
          reference.sign(model, { at: placeOf(model.decisions, nth, isLatest), by, outcome, page }),
        call: ({ desk, decisions }) => {
          const shown = decisions[placeOf(decisions, nth, isLatest)]!;
          const sha256 = page === "right" ? shown.sha256 : "0".repeat(64);
          return signature(desk, by, { ...shown, sha256 }, outcome);
        },
      }),
  );

const withdraws = fc.record({ by: who, how, nth: fc.nat(40), isLatest: fc.boolean() }).map(
  ({ by, how, nth, isLatest }) =>
    new Act({
      name: `${by} withdraws ${isLatest ? "the latest" : `number ${nth}`}`,
      how,
      needsDecision: true,
      apply: (model) => reference.withdraw(model, placeOf(model.decisions, nth, isLatest), by),
      call: ({ desk, decisions }) =>
        withdrawal(desk, by, decisions[placeOf(decisions, nth, isLatest)]!),
    }),
);

const works = fc.record({ who, how, status }).map(
  ({ who, how, status }) =>
    new Act({
      name: `${who} puts it ${status}`,
      how,
      needsDecision: false,
      apply: (model) => reference.work(model, status, who),
      call: ({ desk: { web, people }, incidentId }) =>
        web.call("workIncident", { incidentId, status }, people[who].cookie, { incidentId }),
    }),
);

const judges = fc.record({ who, how, verdict }).map(
  ({ who, how, verdict }) =>
    new Act({
      name: `${who} judges it ${verdict}`,
      how,
      needsDecision: false,
      apply: (model) => reference.judge(model, verdict, who),
      call: ({ desk: { web, people }, incidentId }) =>
        web.call("setVerdict", { incidentId, verdict }, people[who].cookie, { incidentId }),
    }),
);

/** The newest decision more often than one that is over. */
function placeOf(decisions: readonly unknown[], nth: number, isLatest: boolean): number {
  return isLatest ? decisions.length - 1 : nth % decisions.length;
}

const MOST_OF_IT = [signs, signs, signs, signs, signs, signs, signs, signs];
export const moves = fc.commands(
  [proposes, proposes, proposes, ...MOST_OF_IT, withdraws, works, judges],
  {
    maxCommands: 30,
    size: "max",
  },
);
