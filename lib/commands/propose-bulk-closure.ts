import { randomBytes } from "node:crypto";
import type { ProposeBulk } from "#lib/contracts/bulk-inputs.ts";
import { requirementTogether } from "#lib/db/bulk-facts.ts";
import type { TogetherNow } from "#lib/db/bulk-facts.ts";
import { gateFactsOf } from "#lib/db/gate-facts.ts";
import type { Db, Tx } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import { ruleBulk } from "#lib/domain/decision/bulk.ts";
import type { DecisionContent, IncidentFacts, Signer } from "#lib/domain/decision/decision.ts";
import { Problem } from "#lib/domain/problem.ts";
import { buildStatement, cut } from "#lib/signing/statement.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";
import { announce } from "./lock-incident.ts";
import { bytesOf, findSigner, NO_RULE, refused, repeated } from "./propose-decision.ts";
import type { Proposed } from "./propose-decision.ts";

const TITLE_CHARACTERS = 100;

type Member = { facts: IncidentFacts; title: string };
type Locked = { id: string; title: string; assigneeId: string | null };

/**
 * Proposes to close up to 500 incidents by one statement that lists each as it stands in this transaction. Each must be
 * fit to be closed alone; if one is not, all are refused, with every reason, and that is stored. The database checks each
 * again and writes the trail. Throws Problem `incident_not_found` 404, `idem_taken` 409.
 */
export async function proposeBulkClosure(
  db: Db,
  input: ProposeBulk,
  by: Actor,
): Promise<Proposed & { incidentId: string }> {
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const locked = await lockAll(tx, input.incidentIds);
      const found = await gateFactsOf(tx, input.incidentIds);
      const titles = new Map(locked.map(({ id, title }) => [id, title]));
      const members = found.map((facts) => ({ facts, title: titles.get(facts.id) ?? "" }));
      const [first] = members;
      if (!first || members.length < input.incidentIds.length) {
        throw new Problem("incident_not_found", 404, "One of these incidents is not there.");
      }
      const { id: incidentId } = first.facts;
      const before = await tx.decision.findUnique({
        where: { idem: input.idem },
        select: { id: true, state: true, reasons: true, proposerId: true, incidentId: true },
      });
      if (before) return { ...repeated(before, by.id, incidentId), incidentId };
      const proposer = await findSigner(tx, by.id);
      const together = await requirementTogether(tx, input.incidentIds);
      const content = contentOf(input, members);
      const reasons = ruleBulk({
        content,
        members: found,
        assignees: new Set(locked.flatMap(({ assigneeId }) => assigneeId ?? [])).size,
        policy: together.policy,
        notAlone: together.notAlone,
        proposer,
        waived: input.waivedClaimIds,
      });
      const made = { input, content, first, members, together, proposer };
      const id = await store(tx, made, reasons);
      await announce(tx, incidentId, "decision.changed");
      const answer: Proposed =
        reasons.length === 0 ? { ok: true, id, state: "proposed" } : refused(id, reasons);
      return { ...answer, incidentId };
    }),
  );
}

/** In the order of their ids, as the gate locks them. */
function lockAll(tx: Tx, incidentIds: readonly string[]): Promise<Locked[]> {
  return tx.$queryRaw<Locked[]>`
    SELECT id, title, assignee_id AS "assigneeId" FROM incident
    WHERE id = ANY(${incidentIds}::uuid[]) ORDER BY id FOR UPDATE`;
}

type Closure = DecisionContent & { kind: "closure" };

function contentOf(input: ProposeBulk, members: readonly Member[]): Closure {
  const { reason, classification, classificationReason, determination } = input;
  const incidents = members.map(({ facts }) => facts.id);
  return {
    kind: "closure",
    reason,
    classification,
    classificationReason,
    determination,
    incidents,
  };
}

type Made = {
  input: ProposeBulk;
  content: Closure;
  first: Member;
  members: readonly Member[];
  together: TogetherNow;
  proposer: Signer;
};

async function store(
  tx: Tx,
  { input, content, first, members, together, proposer }: Made,
  reasons: { code: string; sentence: string }[],
): Promise<string> {
  const { facts, title } = first;
  const { policy, severities, types } = together;
  const frozen = buildStatement({
    content,
    bulk: { severities, types, incidents: members.map(stated) },
    facts,
    title,
    waivedClaims: members.flatMap((member) =>
      member.facts.unsettledClaims
        .filter(({ id }) => input.waivedClaimIds.includes(id))
        .map((claim) => ({ ...claim, incident: member.facts.number })),
    ),
    modelRunIds: await currentModelRuns(tx, content.incidents ?? []),
    proposer,
    blastRadius: "none",
    rule: policy ?? { ...NO_RULE, kind: "closure" },
    nonce: randomBytes(16).toString("hex"),
  });
  const { id } = await tx.decision.create({
    data: {
      incidentId: facts.id,
      kind: "closure",
      state: reasons.length === 0 ? "proposed" : "refused",
      content,
      reasons,
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
  return id;
}

function stated({ facts, title }: Member) {
  const { id, number, severity, version, evidenceCount, evidenceRoot, claimsHash } = facts;
  return {
    id,
    number,
    severity,
    title: cut(title, TITLE_CHARACTERS),
    version,
    evidence: { count: evidenceCount, root: evidenceRoot },
    claims: claimsHash,
  };
}

async function currentModelRuns(tx: Tx, incidentIds: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string | null }[]>`
    SELECT DISTINCT ON (incident_id) model_run_id AS id FROM summary
    WHERE incident_id = ANY(${incidentIds}::uuid[]) AND origin = 'model' ORDER BY incident_id, version DESC`;
  return rows.flatMap(({ id }) => id ?? []);
}
