import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import type { ActionAnswer, ActionCall } from "../drill/product-web.ts";
import {
  proposal,
  shownByIdem,
  signature,
  signatureByPasskey,
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
  /** Who does what is settled while the model stands where it does before the move. */
  play: (model: Readonly<Model>) => Play;
  /** What the page then shows. */
  after?: (real: Real, call: ActionCall) => Promise<void>;
};

type Play = {
  apply: (model: Model) => Expected;
  call: (real: Real) => ActionCall;
  /** What a second, equal call does; default: the same move once more. */
  again?: (model: Model, first: Expected) => Expected;
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
    const { how, play, after } = this.#move;
    const { apply, call: callOf, again } = play(model);
    const call = callOf(real);
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
const anyKind = fc.constantFrom<DecisionKind>(
  "escalation",
  "containment",
  "closure",
  "closure",
  "reopening",
);
const status = fc.constantFrom<"new" | "in_progress" | "on_hold">("new", "in_progress", "on_hold");
const verdict = fc.constantFrom("benign", "true_positive", null);

const fits = fc.constantFrom(true, true, false);

const proposes = fc.record({ who, how, kind: anyKind, fits }).map(
  ({ who, how, kind: wanted, fits }) =>
    new Act({
      name: `${who} proposes a ${wanted}${fits ? ", or what fits" : ""}`,
      how,
      needsDecision: false,
      play: (before) => {
        const kind = fits ? reference.fitting(before, wanted) : wanted;
        const idem = randomUUID();
        return {
          apply: (model) => reference.propose(model, kind, who),
          call: ({ desk, incidentId }) => proposal(desk, who, { incidentId, kind, idem }),
          // the form has one key, however often it is sent
          again: (_, first) => first,
        };
      },
      after: async (real, call) => {
        const [{ idem }] = JSON.parse(call.body) as [{ idem: string }];
        const shown = await shownByIdem(real.desk, idem);
        if (shown) real.decisions.push(shown);
      },
    }),
);

const which = { nth: fc.nat(40), isLatest: fc.constantFrom(true, true, true, false) };
const outcome = mostly<Signature["outcome"]>("approved", "rejected");
const page = mostly<Signature["page"]>("right", "old");

const signs = fc.record({ who, how, fits, outcome, page, ...which }).map(
  ({ who, how, fits, nth, isLatest, outcome, page }) =>
    new Act({
      name: `${who}${fits ? ", or who may," : ""} signs ${named(nth, isLatest)}: ${outcome}, on the ${page} page`,
      how,
      needsDecision: true,
      play: (before) => {
        const at = placeOf(before.decisions, nth, isLatest);
        const by = fits ? reference.fittingSigner(before, at, who) : who;
        return {
          apply: (model) => reference.sign(model, { at, by, outcome, page }),
          call: ({ desk, decisions }) => {
            const sha256 = page === "right" ? decisions[at]!.sha256 : "0".repeat(64);
            return signature(desk, by, { ...decisions[at]!, sha256 }, outcome);
          },
        };
      },
    }),
);

const signsByPasskey = fc.record({ who, how, fits, page, ...which }).map(
  ({ who, how, fits, nth, isLatest, page }) =>
    new Act({
      name: `${who}${fits ? ", or who may," : ""} signs ${named(nth, isLatest)} by passkey, on the ${page} page`,
      how,
      needsDecision: true,
      play: (before) => {
        const at = placeOf(before.decisions, nth, isLatest);
        const by = fits ? reference.fittingSigner(before, at, who) : who;
        return {
          apply: (model) => reference.signByPasskey(model, { at, by, outcome: "approved", page }),
          call: ({ desk, decisions }) => {
            const sha256 = page === "right" ? decisions[at]!.sha256 : "0".repeat(64);
            return signatureByPasskey(desk, by, { ...decisions[at]!, sha256 });
          },
          // the very same assertion again: by its counter it is a copy's
          again: reference.countsSignatures(by)
            ? (model, first) =>
                first.ok
                  ? { ok: false, code: "passkey_refused" }
                  : reference.signByPasskey(model, { at, by, outcome: "approved", page })
            : undefined,
        };
      },
    }),
);

const withdraws = fc.record({ who, how, ...which }).map(
  ({ who, how, nth, isLatest }) =>
    new Act({
      name: `${who} withdraws ${named(nth, isLatest)}`,
      how,
      needsDecision: true,
      play: (before) => {
        const at = placeOf(before.decisions, nth, isLatest);
        return {
          apply: (model) => reference.withdraw(model, at, who),
          call: ({ desk, decisions }) => withdrawal(desk, who, decisions[at]!),
        };
      },
    }),
);

const works = fc.record({ who, how, status }).map(
  ({ who, how, status }) =>
    new Act({
      name: `${who} puts it ${status}`,
      how,
      needsDecision: false,
      play: () => ({
        apply: (model) => reference.work(model, status, who),
        call: ({ desk: { web, people }, incidentId }) =>
          web.call("workIncident", { incidentId, status }, people[who].cookie, { incidentId }),
      }),
    }),
);

const judges = fc.record({ who, how, verdict }).map(
  ({ who, how, verdict }) =>
    new Act({
      name: `${who} judges it ${verdict}`,
      how,
      needsDecision: false,
      play: () => ({
        apply: (model) => reference.judge(model, verdict, who),
        call: ({ desk: { web, people }, incidentId }) =>
          web.call("setVerdict", { incidentId, verdict }, people[who].cookie, { incidentId }),
      }),
    }),
);

function named(nth: number, isLatest: boolean): string {
  return isLatest ? "the latest" : `number ${nth}`;
}

/** The newest decision more often than one that is over. */
function placeOf(decisions: readonly unknown[], nth: number, isLatest: boolean): number {
  return isLatest ? decisions.length - 1 : nth % decisions.length;
}

const MOST_OF_IT = [
  ...[signs, signs, signs, signs, signs],
  ...[signsByPasskey, signsByPasskey, signsByPasskey],
];
export const moves = fc.commands(
  [proposes, proposes, proposes, ...MOST_OF_IT, withdraws, works, judges],
  {
    maxCommands: 60,
    size: "max",
  },
);
