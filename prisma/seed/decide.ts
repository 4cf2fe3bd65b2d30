/** The two decisions of the demo night, proposed and signed by its people through the same commands as any. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Actor } from "#lib/commands/actor.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { overruleDemo } from "./overrule.ts";

type DemoPerson = { email: string; password: string; role: Role };

const SUMMARIES_MS = 180_000;

/** Waits until every incident with evidence has a summary over the evidence it has now. */
export async function untilSummarised(db: Db, note: (text: string) => void): Promise<void> {
  const end = Date.now() + SUMMARIES_MS;
  for (;;) {
    const rows = await db.$queryRaw<{ all: number; done: number }[]>`
      SELECT count(*)::int AS all, (count(*) FILTER (WHERE EXISTS (
        SELECT FROM summary s WHERE s.incident_id = i.id AND s.evidence_root = i.evidence_root)))::int AS done
      FROM incident i WHERE i.merged_into_id IS NULL AND i.evidence_count > 0`;
    const { all, done } = rows[0]!;
    note(`${done} of ${all} incidents`);
    if (done === all) return;
    if (Date.now() > end)
      throw new Error(`Only ${done} of ${all} incidents were summarised in three minutes.`);
    await wait(250);
  }
}

/** A false positive is closed by two analysts; the worst incident's host is contained with the lead's signature. */
export async function decideDemo(db: Db, people: DemoPerson[]): Promise<void> {
  const [first, second] = people.filter((person) => person.role === "analyst");
  const lead = people.find((person) => person.role === "lead")!;
  const open = { mergedIntoId: null, status: { not: "closed" }, alertCount: { gt: 0 } };
  const mildest = await db.incident.findFirstOrThrow({
    where: open,
    orderBy: [{ severityRank: "asc" }, { eventCount: "asc" }, { number: "asc" }],
    select: { id: true },
  });
  const [one, other, leading] = await Promise.all(
    [first!, second!, lead].map((person) => actorOf(db, person)),
  );
  await overruleDemo(db, mildest.id, { first: one!, second: other!, lead: leading! });
  await decide(
    db,
    mildest.id,
    { proposer: first!, signer: second! },
    {
      kind: "closure",
      reason:
        "The rule matches the vulnerability scanner's own check; the hosts answered as they should.",
      classification: "false_positive",
      classificationReason: "incorrect_alert_logic",
      determination: "clean",
    },
  );
  const worst = await db.incident.findFirstOrThrow({
    where: { ...open, observables: { some: { type: "host" } } },
    orderBy: [{ severityRank: "desc" }, { alertCount: "desc" }, { number: "asc" }],
    select: {
      id: true,
      observables: { where: { type: "host" }, orderBy: { count: "desc" }, take: 1 },
    },
  });
  await decide(
    db,
    worst.id,
    { proposer: second!, signer: lead },
    {
      kind: "containment",
      reason: "Hands on keyboard and moving; cut the first host off while we look at the rest.",
      actions: [{ action: "isolate_host", target: worst.observables[0]!.value }],
    },
  );
}

async function decide(
  db: Db,
  incidentId: string,
  who: { proposer: DemoPerson; signer: DemoPerson },
  content: DecisionContent,
): Promise<void> {
  const proposer = await personId(db, who.proposer);
  const proposed = await proposeDecision(
    db,
    {
      incidentId,
      content,
      waivedClaimIds: await unsettledClaims(db, incidentId),
      idem: randomUUID(),
    },
    { kind: "person", session: null, id: proposer },
  );
  if (!proposed.ok) throw new Error(`The demo's ${content.kind} was refused: ${proposed.message}`);
  const decision = await db.decision.findUniqueOrThrow({
    where: { id: proposed.id },
    select: { statementSha256: true },
  });
  const signed = await signDecision(
    db,
    {
      decisionId: proposed.id,
      outcome: "approved",
      statementSha256: Buffer.from(decision.statementSha256).toString("hex"),
      password: who.signer.password,
      reason: null,
    },
    { kind: "person", session: null, id: await personId(db, who.signer) },
  );
  if (!signed.ok || signed.state !== "in_effect") {
    throw new Error(`The demo's ${content.kind} did not take effect.`);
  }
}

async function actorOf(db: Db, person: DemoPerson): Promise<Actor> {
  return { kind: "person", session: null, id: await personId(db, person) };
}

async function personId(db: Db, { email }: DemoPerson): Promise<string> {
  const person = await db.person.findUniqueOrThrow({ where: { email }, select: { id: true } });
  return person.id;
}

/** With a model configured its summary may hold claims that the evidence does not bear; the demo waives them by name. */
async function unsettledClaims(db: Db, incidentId: string): Promise<string[]> {
  const summary = await db.summary.findFirst({
    where: { incidentId, origin: "model" },
    orderBy: { version: "desc" },
    select: {
      claims: {
        where: { standing: { in: ["unsupported", "contradicted"] } },
        select: { id: true },
      },
    },
  });
  return summary?.claims.map((claim) => claim.id) ?? [];
}
