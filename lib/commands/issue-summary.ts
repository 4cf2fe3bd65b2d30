import { claimOnBehalf } from "#lib/db/acting.ts";
import { uuidV7 } from "#lib/commands/ingest/uuid-v7.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import { storableJson, storableText } from "#lib/domain/evidence/storable.ts";
import { worstStanding, type VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { accountForClaims } from "./account-for-claims.ts";
import { actorText, type Actor } from "./actor.ts";

export type IssuedClaim = VerifiedClaim & { front: boolean };

type SummaryInput = {
  incidentId: string;
  /** `rules/1`, or the model's id. */
  generator: string;
  /** In reading order. */
  claims: IssuedClaim[];
  /** The evidence that was read: its root (32 bytes) and number of records. */
  evidenceRoot: Uint8Array;
  evidenceCount: number;
};
export type RulesSummaryInput = SummaryInput;
export type ModelSummaryInput = SummaryInput & {
  modelRunId: string;
  /** The version of the verifier that gave the standings; default the present one. */
  verifier?: string;
  state: "complete" | "incomplete";
  /** Why it is incomplete, in a sentence. */
  stateReason: string | null;
  /** Evidence ids of high and critical alerts that no claim mentions. */
  notMentioned: string[];
};

/** `issued` is false when this very summary stands already, or when the incident was merged away. */
export type IssueResult =
  | { issued: true; summaryId: string; version: number }
  | { issued: false; summaryId: string | null };

/** Stores a summary of the rules; the same evidence read by the same rules makes no new version. */
export function issueRulesSummary(
  db: Db,
  input: RulesSummaryInput,
  by: Actor,
): Promise<IssueResult> {
  return issue(
    db,
    {
      ...input,
      origin: "rules",
      verifier: VERIFIER_VERSION,
      modelRunId: null,
      state: "complete",
      stateReason: null,
      notMentioned: [],
    },
    by,
  );
}

/** Stores what is shown of a model's answer; a run has one summary at most. */
export function issueModelSummary(
  db: Db,
  input: ModelSummaryInput,
  by: Actor,
): Promise<IssueResult> {
  return issue(db, { verifier: VERIFIER_VERSION, ...input, origin: "model" }, by);
}

type AnySummary = Omit<ModelSummaryInput, "modelRunId"> & {
  origin: "rules" | "model";
  modelRunId: string | null;
  verifier: string;
};

async function issue(db: Db, input: AnySummary, by: Actor): Promise<IssueResult> {
  return transact(db, by, async (tx) => {
    const stands = await lockIncident(tx, input.incidentId);
    if (!stands) return { issued: false, summaryId: null };
    const before = await tx.summary.findFirst({
      where: { incidentId: input.incidentId, origin: input.origin },
      orderBy: { version: "desc" },
      select: { id: true, version: true, generator: true, evidenceRoot: true, modelRunId: true },
    });
    if (before && isSame(before, input)) return { issued: false, summaryId: before.id };
    const version = (before?.version ?? 0) + 1;
    const summaryId = await storeSummary(tx, input, version);
    await storeClaims(tx, summaryId, input);
    const hash = await accountForClaims(tx, input.incidentId);
    const payload = {
      ...payloadOf(input),
      summary: summaryId,
      version,
      claimsHash: hash.toString("hex"),
    };
    await tx.outbox.create({ data: { kind: "summary.issued", incidentId: input.incidentId } });
    if (input.modelRunId !== null) await claimOnBehalf(tx, await askerOf(tx, input.modelRunId));
    await appendTrail(tx, {
      kind: "summary.issued",
      actor: actorText(by),
      incidentId: input.incidentId,
      payload,
    });
    return { issued: true, summaryId, version };
  });
}

async function askerOf(tx: Tx, runId: string): Promise<string | null> {
  const run = await tx.modelRun.findUnique({ where: { id: runId }, select: { askedBy: true } });
  return run?.askedBy ?? null;
}

async function lockIncident(tx: Tx, incidentId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id FROM incident WHERE id = ${incidentId}::uuid AND merged_into_id IS NULL FOR UPDATE`;
  return rows.length > 0;
}

type Before = { generator: string; evidenceRoot: Uint8Array; modelRunId: string | null };

function isSame(before: Before, input: AnySummary): boolean {
  if (input.origin === "model") return before.modelRunId === input.modelRunId;
  return (
    before.generator === input.generator &&
    Buffer.from(before.evidenceRoot).equals(input.evidenceRoot)
  );
}

async function storeSummary(tx: Tx, input: AnySummary, version: number): Promise<string> {
  const {
    incidentId,
    origin,
    state,
    stateReason,
    modelRunId,
    generator,
    evidenceCount,
    notMentioned,
  } = input;
  const evidenceRoot = new Uint8Array(input.evidenceRoot);
  const row = await tx.summary.create({
    data: {
      incidentId,
      origin,
      version,
      state,
      stateReason,
      modelRunId,
      generator,
      evidenceRoot,
      evidenceCount,
      notMentioned,
    },
    select: { id: true },
  });
  return row.id;
}

async function storeClaims(
  tx: Tx,
  summaryId: string,
  { claims, verifier }: AnySummary,
): Promise<void> {
  const nextId = uuidV7();
  const rows = claims.map((claim, ordinal) => ({ id: nextId(), claim, ordinal }));
  await tx.claim.createMany({
    data: rows.map(({ id, ordinal, claim }) => {
      const { front, kind, polarity, standing, uncovered } = claim;
      const [text, predicates, checks] = [
        storableText(claim.text),
        storableJson(claim.predicates),
        storableJson(claim.checks),
      ];
      return {
        id,
        summaryId,
        ordinal,
        front,
        text,
        kind,
        polarity,
        standing,
        verifier,
        predicates,
        checks,
        uncovered,
      };
    }),
  });
  await tx.citation.createMany({ data: rows.flatMap(({ id, claim }) => citationRows(id, claim)) });
}

function citationRows(claimId: string, { citations, resolved }: IssuedClaim) {
  return resolved.map(({ evidenceId, position, quote, start, end }, ordinal) => ({
    claimId,
    ordinal,
    // as it was cited, also when there is no such record
    label: storableText(
      citations[ordinal]?.id ?? (position === null ? "" : evidenceLabel(position)),
    ),
    evidenceId,
    quote: storableText(quote),
    start,
    end,
  }));
}

function payloadOf(input: AnySummary) {
  const { origin, generator, state, stateReason, evidenceCount, modelRunId, claims, notMentioned } =
    input;
  const standings = { supported: 0, partial: 0, unsupported: 0, contradicted: 0 };
  for (const { standing } of claims) standings[standing] += 1;
  return {
    origin,
    generator,
    verifier: input.verifier,
    state,
    stateReason,
    run: modelRunId,
    evidenceRoot: Buffer.from(input.evidenceRoot).toString("hex"),
    evidenceCount,
    claimCount: claims.length,
    standings,
    standing: worstStanding(claims.map(({ standing }) => standing)),
    notMentioned: notMentioned.length,
  };
}
