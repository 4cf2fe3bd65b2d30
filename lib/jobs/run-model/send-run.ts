import type { Actor } from "#lib/commands/actor.ts";
import { appendRunEvents, type NewRunEvent } from "#lib/commands/append-run-events.ts";
import { startModelRun, type StartedRun } from "#lib/commands/start-model-run.ts";
import type { ModelAnswer } from "#lib/copilot/answer.ts";
import { readProbe } from "#lib/copilot/probe.ts";
import { openModel } from "#lib/copilot/provider.ts";
import { reserveMicro } from "#lib/copilot/tokens.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { openVerifier } from "#lib/grounding/verify-claim.ts";
import { publicKeyOf, seal } from "#lib/sealing/seal.ts";
import type { RunContext } from "./context.ts";
import { type Control, openControl } from "./control.ts";
import { endRun, tooLong } from "./end-run.ts";
import { isAway, whileAway } from "./while-away.ts";
import { notify } from "./notify.ts";
import type { OpenRun } from "./open-run.ts";
import { openPump, type Pump } from "./pump.ts";
import { openRawTexts } from "./raw-texts.ts";

const WORKER: Actor = { kind: "system", id: "worker" };
const BROKEN = "The answer could not be stored.";
const NO_ROOT = new Uint8Array(32);

export type Sent =
  /** The run did not start, and waits on. */
  | { sent: false; because: Extract<StartedRun, { started: false }> }
  /** It ended, and what came of it is stored. */
  | { sent: true; answer: ModelAnswer; claims: VerifiedClaim[] }
  /** It became another worker's, or the database went away: whoever mends lost runs goes on with it. */
  | { sent: true; answer: null };

/**
 * Puts a run on record as started, sends it, and stores each claim of the answer, verified, the moment it closes.
 * Whatever happens in between, what is stored is what was shown, and the run is ended here or found by its missing sign
 * of life.
 */
export async function sendRun(open: OpenRun, context: RunContext): Promise<Sent> {
  const started = await start(open, context);
  if (!started.started) return { sent: false, because: started };
  await notify(context.db, open.run.id);
  const { worker, clocks, shutdown } = context;
  const control = openControl(context.db, {
    ...{ runId: open.run.id, worker, shutdown },
    ...{ beatMs: clocks.beat, lostMs: clocks.lost },
  });
  try {
    return await follow(open, context, control);
  } catch (error) {
    const facts = { runId: open.run.id, reason: (error as Error).message };
    context.log.error(facts, "a run could not be stored to its end");
    return { sent: true, answer: null };
  } finally {
    await control.end();
  }
}

function start(open: OpenRun, { db, worker, sealKey }: RunContext): Promise<StartedRun> {
  const { run, request, redactor, evidence, config } = open;
  const redactions = redactor?.counts() ?? {};
  const isReplaced = redactor !== null && Object.keys(redactions).length > 0 && sealKey !== null;
  return startModelRun(
    db,
    {
      runId: run.id,
      worker,
      request: request.text,
      params: request.params,
      reserveMicro: reserveMicro(request, config.profile),
      fence: request.fence,
      canary: request.canary,
      redactionSealed: isReplaced
        ? seal(JSON.stringify(redactor.map()), publicKeyOf(sealKey), {
            ...{ table: "model_run", column: "redaction_sealed", rowId: run.id },
          })
        : null,
      redactions,
      leftOut: request.leftOut,
      evidenceRoot: evidence?.root ?? NO_ROOT,
      incidentVersion: evidence?.version ?? 0n,
      evidenceCount: evidence?.count ?? 0,
    },
    WORKER,
  );
}

async function follow(open: OpenRun, context: RunContext, control: Control): Promise<Sent> {
  const { config, key, request, run } = open;
  const provider = openModel(config, key);
  const counted = config.profile.countsTokens
    ? await provider.countTokens(request, control.signal)
    : undefined;
  const refusal = tooLong(open, counted ?? null);
  if (refusal && run.kind !== "probe") {
    const isEnded = await endRun(open, { answer: refusal, control, counted }, context);
    return { sent: true, ...(isEnded ? { answer: refusal, claims: [] } : { answer: null }) };
  }
  const pump = openItemPump(open, context, control);
  const answer = await provider.stream(request, {
    signal: control.signal,
    // the items of a probe are read as a whole, at its end
    ...(run.kind === "probe" ? {} : { onItem: pump.take }),
  });
  if (run.kind === "probe") {
    for (const finding of readProbe({ answer, request, config, counted }).findings)
      pump.add({ kind: "notice", data: finding });
  } else for (const sentence of answer.notices) pump.notice(sentence);
  const claims = await pump.drained().catch((error: unknown) => {
    if (control.cause()?.kind !== "broken") throw error;
    context.log.error({ runId: run.id, reason: (error as Error).message }, BROKEN);
    return [];
  });
  const isEnded = await endRun(open, { answer, control, counted }, context);
  return { sent: true, ...(isEnded ? { answer, claims } : { answer: null }) };
}

function openItemPump(open: OpenRun, context: RunContext, control: Control): Pump {
  const { run, redactor, evidence, rawTexts } = open;
  const { db, worker, clocks, log } = context;
  const { records, capped } = evidence ?? { records: [], capped: false };
  const texts = openRawTexts(records, rawTexts, evidence?.loadTexts ?? (async () => new Map()));
  const verifier = openVerifier({ records, capped, rawText: texts.get });
  const persist = <T>(work: () => Promise<T>): Promise<T> =>
    whileAway(clocks.lost, control.signal, work);
  // `started` is the first; nobody but this worker adds more
  let last = 1;
  return openPump({
    async verify(claim) {
      const restored = redactor?.restoreClaim(claim) ?? claim;
      await persist(() => texts.readFor(restored));
      try {
        return verifier.verify(restored);
      } catch (error) {
        log.error(
          { runId: run.id, reason: (error as Error).message },
          "a claim broke the verifier",
        );
        return null;
      }
    },
    async store(events: NewRunEvent[]) {
      const after = last;
      const places = await persist(() =>
        appendRunEvents(db, { runId: run.id, worker, after, events }),
      );
      if (!places) throw new NotOurs("the run is not this worker's any more");
      last = places.at(-1) ?? last;
      await notify(db, run.id);
    },
    onTrouble(error) {
      const isLost = error instanceof NotOurs || isAway(error);
      control.stop({ kind: isLost ? "lost" : "broken", sentence: BROKEN });
    },
  });
}

class NotOurs extends Error {}
