import type { TestDatabase } from "#lib/db/testing.ts";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import type { ActionAnswer, ActionCall } from "../drill/product-web.ts";
import { say } from "../../progress.ts";
import { seededRandom } from "../drill/wait.ts";
import {
  openIncident,
  proposal,
  signature,
  signatureByPasskey,
  withdrawal,
  type ModelDesk,
  type Shown,
} from "./desk.ts";
import type { Who } from "./reference.ts";

/** So many at a time; each person has so many signatures under way, fewer than the limit on guesses allows. */
const PAIRS_AT_ONCE = 4;
const REPLAYS_AT_ONCE = 8;
const CAPTURED_MAX = 2000;
const SAID_EVERY = 500;

export type PairsResult = { pairs: number; wrong: string[]; captured: ActionCall[] };

/** Two people approve in the same moment, again and again. Every call is kept, to be replayed. */
export async function approveInPairs(desk: ModelDesk, pairs: number): Promise<PairsResult> {
  const captured: ActionCall[] = [];
  const wrong: string[] = [];
  async function send(call: ActionCall): Promise<ActionAnswer> {
    if (captured.length < CAPTURED_MAX) captured.push(call);
    return desk.web.send(call);
  }
  await inParallel(pairs, PAIRS_AT_ONCE, async (n) => {
    const kind = n % 2 === 0 ? "escalation" : "closure";
    const shown = await proposed(desk, "ana", kind, send);
    const byLea = n % 4 < 2 ? signature : signatureByPasskey;
    const calls = [signature(desk, "bo", shown), byLea(desk, "lea", shown)];
    const answers = await Promise.all(calls.map(send));
    if (!isRight(kind, answers)) wrong.push(`${kind}: ${JSON.stringify(answers)}`);
    if (n % 10 === 0) await alsoRefuse(desk, send);
    if (n % 10 === 5) await leaveHalfSigned(desk, send, n);
    if ((n + 1) % SAID_EVERY === 0) say(`  pairs: ${n + 1} of ${pairs}`);
  });
  return { pairs, wrong, captured };
}

/** A closure that one of two signed stays open, so that a second use of that one signature could do something. */
async function leaveHalfSigned(desk: ModelDesk, send: Send, n: number): Promise<void> {
  const shown = await proposed(desk, "ana", "closure", send);
  const sign = n % 20 === 5 ? signature : signatureByPasskey;
  const { ok, data } = await send(sign(desk, "lea", shown));
  if (!ok || data["state"] !== "proposed")
    throw new Error("A signature of the proof was not the first of two.");
}

/** One signature of one: one of the two is done. Two of two: both are, and one of them is the one that closes. */
function isRight(kind: DecisionKind, answers: ActionAnswer[]): boolean {
  const done = answers.filter(({ ok }) => ok).length;
  const last = answers.filter(({ ok, data }) => ok && data["state"] === "in_effect").length;
  return last === 1 && done === (kind === "escalation" ? 1 : 2);
}

type Send = (call: ActionCall) => Promise<ActionAnswer>;

async function proposed(desk: ModelDesk, by: Who, kind: DecisionKind, send: Send): Promise<Shown> {
  const incidentId = await openIncident(desk);
  const { ok, code, data } = await send(proposal(desk, by, { incidentId, kind }));
  if (!ok) throw new Error(`A proposal of the proof was refused: ${code}`);
  const { rows } = await desk.db.pools.web.query<Shown>(
    `select id, incident_id as "incidentId", encode(statement_sha256, 'hex') as sha256 from decision where id = $1`,
    [data["id"]],
  );
  return rows[0]!;
}

/** A rejection and a withdrawal, so that those are replayed too. */
async function alsoRefuse(desk: ModelDesk, send: Send): Promise<void> {
  const rejected = await proposed(desk, "ana", "containment", send);
  await send(signature(desk, "lea", rejected, "rejected"));
  const withdrawn = await proposed(desk, "bo", "escalation", send);
  await send(withdrawal(desk, "bo", withdrawn));
}

export type ReplaysResult = {
  replays: number;
  /** Decisions, sign-offs, transitions, versions, entries of the trail or hints that came of them. */
  effects: number;
  answers: Record<string, number>;
};

/** Sends captured calls again, byte for byte, in any order. */
export async function replay(
  desk: ModelDesk,
  captured: readonly ActionCall[],
  replays: number,
): Promise<ReplaysResult> {
  const random = seededRandom(replays);
  const answers: Record<string, number> = {};
  const before = await traces(desk.db);
  await inParallel(replays, REPLAYS_AT_ONCE, async (n) => {
    const { ok, code } = await desk.web.send(captured[Math.floor(random() * captured.length)]!);
    const name = ok ? "answered as before" : (code ?? "refused");
    answers[name] = (answers[name] ?? 0) + 1;
    if ((n + 1) % (10 * SAID_EVERY) === 0) say(`  replays: ${n + 1} of ${replays}`);
  });
  const after = await traces(desk.db);
  const effects = after.reduce((sum, count, at) => sum + Math.abs(count - before[at]!), 0);
  return { replays, effects, answers };
}

async function traces({ pools }: TestDatabase): Promise<number[]> {
  const { rows } = await pools.owner.query<{ all: string[] }>(`select array[
    (select count(*) from decision), (select count(*) from decision where state <> 'proposed'), (select count(*) from sign_off),
    (select count(*) from transition), (select sum(version) from incident), (select count(*) from response_run),
    (select size from trail.head), (select coalesce(max(id), 0) from outbox)]::bigint[] as all`);
  return rows[0]!.all.map(Number);
}

async function inParallel(
  count: number,
  atOnce: number,
  run: (n: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let n = next++; n < count; n = next++) await run(n);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
