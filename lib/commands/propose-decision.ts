import { randomBytes } from "node:crypto";
import { transact } from "#lib/db/transaction.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import type { DecisionContent, Signer } from "#lib/domain/decision/decision.ts";
import {
  blastRadiusOf,
  breakGlassRequirement,
  requirementFrom,
} from "#lib/domain/decision/policy.ts";
import type { BlastRadius, Requirement, RequirementWords } from "#lib/domain/decision/policy.ts";
import { rule } from "#lib/domain/decision/gate.ts";
import type { Ruling } from "#lib/domain/decision/gate.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { Problem } from "#lib/domain/problem.ts";
import { buildStatement } from "#lib/signing/statement.ts";
import type { Actor } from "./actor.ts";
import { gateFacts } from "#lib/db/gate-facts.ts";
import { sentResponses } from "#lib/db/sent-responses.ts";
import { withGuards } from "./guard-problem.ts";
import { announce, lockIncident } from "./lock-incident.ts";

export type ProposeDecision = {
  incidentId: string;
  content: DecisionContent;
  waivedClaimIds: string[];
  /** A lead means to sign this alone. */
  breakGlass?: boolean;
  /** Made once per opened form: a second call with the same one answers like the first. */
  idem: string;
};

export type Proposed =
  | { ok: true; id: string; state: "proposed" }
  | {
      ok: false;
      code: "decision_refused";
      message: string;
      id: string;
      reasons: { code: string; sentence: string }[];
    };

/**
 * Proposes a decision on the facts as they stand in this transaction and freezes them into a statement. A
 * proposal the rules refuse is stored as refused, with every reason. The database writes the trail.
 */
export async function proposeDecision(
  db: Db,
  input: ProposeDecision,
  by: Actor,
): Promise<Proposed> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const incident = await lockIncident(tx, input.incidentId);
      const before = await tx.decision.findUnique({
        where: { idem: input.idem },
        select: { id: true, state: true, reasons: true, proposerId: true, incidentId: true },
      });
      if (before) return repeated(before, by.id, incident.id);
      const facts = await gateFacts(tx, incident.id);
      if (!facts) throw new Problem("incident_not_found", 404, "There is no such incident.");
      const { content, breakGlass = false } = input;
      const asked = await requirementNow(tx, incident.id, content);
      const { blastRadius } = asked;
      const policy =
        asked.policy && breakGlass ? breakGlassRequirement(asked.policy) : asked.policy;
      const proposer = await findSigner(tx, by.id);
      const waived = input.waivedClaimIds;
      const sent = await sentResponses(tx, incident.id);
      const ruling = rule({ content, facts, policy, proposer, waived, breakGlass, sent });
      const frozen = buildStatement({
        content,
        breakGlass,
        facts,
        title: incident.title,
        waivedClaims: facts.unsettledClaims.filter(({ id }) => waived.includes(id)),
        modelRunIds: await currentModelRuns(tx, incident.id),
        proposer,
        blastRadius,
        rule: policy ?? { ...NO_RULE, kind: content.kind },
        nonce: randomBytes(16).toString("hex"),
      });
      const { id } = await tx.decision.create({
        data: {
          incidentId: incident.id,
          kind: content.kind,
          state: ruling.permitted ? "proposed" : "refused",
          content,
          breakGlass,
          reasons: ruling.permitted ? [] : ruling.reasons,
          proposerId: proposer.id,
          policyVersion: policy?.policyVersion ?? NO_RULE.policyVersion,
          incidentVersion: facts.version,
          evidenceRoot: bytesOf(facts.evidenceRoot),
          claimsHash: bytesOf(facts.claimsHash),
          statement: frozen.text,
          statementSha256: new Uint8Array(frozen.sha256),
          idem: input.idem,
        },
        select: { id: true },
      });
      await announce(tx, incident.id, "decision.changed");
      return outcomeOf(id, ruling);
    }),
  );
}

type RequirementRow = {
  answer: { rule: RequirementWords | null; blastRadius: BlastRadius } | null;
};

/** What this content needs now, as the database will see it when it is proposed. */
async function requirementNow(
  tx: Tx,
  incidentId: string,
  content: DecisionContent,
): Promise<{ policy: Requirement | null; blastRadius: BlastRadius }> {
  const [row] = await tx.$queryRaw<RequirementRow[]>`
    SELECT gate.requirement_now(${incidentId}::uuid, ${content.kind}, ${JSON.stringify(content)}::jsonb) AS answer`;
  const words = row?.answer?.rule ?? null;
  return {
    policy: words && requirementFrom(content.kind, words),
    blastRadius: row?.answer?.blastRadius ?? blastRadiusOf(content),
  };
}

/** What a refused proposal's statement says where the policy has no rule: nobody may. */
export const NO_RULE: Omit<Requirement, "kind"> = {
  policyVersion: 0,
  minProposerRole: "lead",
  signOffs: 1,
  leadSignOffs: 1,
  minRole: "lead",
  distinctFromProposer: true,
  distinctFromAssignee: true,
  assurance: "password",
  proposalMinutes: 1,
  signOffMinutes: 1,
  claimsSettled: true,
  summaryComplete: true,
  evidenceOpened: true,
};

export function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function outcomeOf(id: string, ruling: Ruling): Proposed {
  return ruling.permitted ? { ok: true, id, state: "proposed" } : refused(id, ruling.reasons);
}

export function refused(id: string, reasons: { code: string; sentence: string }[]): Proposed {
  const message = reasons.map(({ sentence }) => sentence).join(" ");
  return { ok: false, code: "decision_refused", message, id, reasons };
}

type Before = {
  id: string;
  state: string;
  reasons: unknown;
  proposerId: string;
  incidentId: string;
};

export function repeated(before: Before, personId: string, incidentId: string): Proposed {
  if (before.proposerId !== personId || before.incidentId !== incidentId) {
    throw new Problem("idem_taken", 409, "This form was used before; open it again.");
  }
  if (before.state !== "refused") return { ok: true, id: before.id, state: "proposed" };
  return refused(before.id, before.reasons as { code: string; sentence: string }[]);
}

/** A person as the gate sees them. Throws Problem 403 for nobody. */
export async function findSigner(tx: Tx | Db, personId: string): Promise<Signer> {
  const person = await tx.person.findUnique({
    where: { id: personId },
    select: { id: true, name: true, role: true, active: true, human: true },
  });
  if (!person?.human)
    throw new Problem("person_unknown", 403, "Only a person of this desk decides.");
  return { id: person.id, name: person.name, role: person.role as Role, active: person.active };
}

async function currentModelRuns(tx: Tx, incidentId: string): Promise<string[]> {
  const summary = await tx.summary.findFirst({
    where: { incidentId, origin: "model" },
    select: { modelRunId: true },
    orderBy: { version: "desc" },
  });
  return summary?.modelRunId ? [summary.modelRunId] : [];
}
