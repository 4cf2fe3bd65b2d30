import { endResponderTest } from "#lib/commands/responses/end-responder-test.ts";
import { NO_LIST } from "#lib/connectors/responders/block-list-responder.ts";
import { openResponder } from "#lib/connectors/responders/open-responder.ts";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import type { RespondContext } from "./context.ts";
import { responderById } from "./read-responder.ts";

type Waiting = {
  id: string;
  responder_id: string;
  action: ResponseActionKind;
  target: string;
  at: Date;
};

/** Makes the dry runs that admins asked for, one after the other. Two workers may make the same one: it changes nothing. */
export async function testResponders(context: RespondContext): Promise<void> {
  const waiting = await context.db.$queryRaw<Waiting[]>`
    SELECT id, responder_id, action, target, at FROM responder_test WHERE ended_at IS NULL ORDER BY at LIMIT 20`;
  for (const test of waiting) {
    if (context.signal?.aborted) return;
    const told = await tell(context, test);
    if (!context.signal?.aborted) await endResponderTest(context.db, { id: test.id, ...told });
  }
}

async function tell(
  { db, sealKey, tokens, limits, signal }: RespondContext,
  { id, responder_id: responderId, action, target, at }: Waiting,
): Promise<{ ok: boolean; sentences: string[] }> {
  const stored = await responderById(db, responderId, sealKey);
  if (typeof stored === "string") return { ok: false, sentences: [stored] };
  const responder = openResponder(stored.setup, {
    tokens,
    blockList: NO_LIST,
    ...(limits && { limits }),
  });
  const origin = { run: id, decision: id, incident: "a dry run" };
  const ahead = await responder.dryRun(
    { action, target, origin, requestedAt: at.toISOString() },
    { signal },
  );
  return ahead.ok
    ? { ok: true, sentences: ahead.sentences }
    : { ok: false, sentences: [ahead.failure.sentence] };
}
