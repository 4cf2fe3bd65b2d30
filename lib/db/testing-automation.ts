import { createHash, randomUUID } from "node:crypto";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { proofOf, type Sql } from "./testing-gate.ts";
import { makeIncident, makePerson } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import type { Attack, World } from "./testing-world.ts";
import type { TestDatabase } from "./testing.ts";

export type AlertOf = {
  sourceId: string;
  host?: string | null;
  severity?: string;
  tactic?: string;
  instructionLike?: number;
};

/** One alert in an incident, counted, under a root that only stands for one. */
export async function addAlert(
  db: TestDatabase,
  incidentId: string,
  { sourceId, host = "ws-17", severity = "high", tactic, instructionLike = 0 }: AlertOf,
): Promise<string> {
  const id = randomUUID();
  const raw = Buffer.from(canonicalJson({ id, host }));
  const sha256 = createHash("sha256").update(raw).digest();
  const fields = { ...(host !== null && { host }), ...(tactic && { tactic: [tactic] }) };
  await db.pools.web.query(
    `with placed as (
       update incident set evidence_count = evidence_count + 1, alert_count = alert_count + 1, evidence_root = $2
       where id = $1 returning evidence_count)
     insert into evidence_item (id, source_id, incident_id, position, record_key, kind, format, time_quality, severity, title,
       fields, observables, raw, raw_sha256, instruction_like)
     select $3, $4, $1, evidence_count, $10, 'alert', 'generic', 'unknown', $5, 'Test alert', $6, '{}', $7, $8, $9 from placed`,
    [incidentId, sha256, id, sourceId, severity, fields, raw, sha256, instructionLike, id],
  );
  return id;
}

export type ClaimOf = { standing: string; cites: string | null };

/** A summary of the rules over the evidence as it stands. */
export async function addSummary(
  db: TestDatabase,
  incidentId: string,
  claims: ClaimOf[],
): Promise<void> {
  const { rows } = await db.pools.worker.query(
    `insert into summary (id, incident_id, origin, version, state, generator, evidence_root, evidence_count)
     select gen_random_uuid(), i.id, 'rules', 1 + (select count(*) from summary where incident_id = i.id), 'complete', 'rules/2', i.evidence_root, i.evidence_count
     from incident i where i.id = $1 returning id`,
    [incidentId],
  );
  for (const [ordinal, { standing, cites }] of claims.entries()) {
    const claimId = randomUUID();
    await db.pools.worker.query(
      `insert into claim (id, summary_id, ordinal, front, text, kind, polarity, standing, predicates, checks, uncovered, verifier)
       values ($1, $2, $3, true, 'A thing.', 'observation', 'affirmed', $4, '[]', '[]', '[]', '1')`,
      [claimId, rows[0].id, ordinal, standing],
    );
    if (cites === null) continue;
    await db.pools.worker.query(
      `insert into citation (id, claim_id, ordinal, label, evidence_id, quote) values (gen_random_uuid(), $1, 0, 'E1', $2, 'thing')`,
      [claimId, cites],
    );
  }
}

/** An incident whose one alert names ws-17, with a summary of one claim about it: collecting may run by itself. */
export async function makeCollectable(
  db: TestDatabase,
  alert: AlertOf,
): Promise<{ incidentId: string; alertId: string }> {
  const { id: incidentId } = await makeIncident(db);
  const alertId = await addAlert(db, incidentId, alert);
  await addSummary(db, incidentId, [{ standing: "supported", cites: alertId }]);
  return { incidentId, alertId };
}

/** What `gate.propose_automation` takes for one rule. */
export type RuleInput = {
  action: string;
  severities: string[] | null;
  incidentTypes: string[] | null;
  minConfidence: number;
  minSources: number;
  maxPerHour: number;
  maxPerIncident: number;
};

export const COLLECT: RuleInput = {
  action: "collect_artifacts",
  severities: null,
  incidentTypes: null,
  minConfidence: 50,
  minSources: 1,
  maxPerHour: 60,
  maxPerIncident: 5,
};
export const ISOLATE: RuleInput = {
  ...COLLECT,
  action: "isolate_host",
  maxPerHour: 2,
  maxPerIncident: 1,
};

export type Draft = { version: number; sha256: Buffer };

export async function draftRules(
  sql: Sql,
  { admin, rules, doubt = 20 }: { admin: TestPerson; rules: RuleInput[]; doubt?: number },
): Promise<Draft> {
  // a function's rows are not seen by the statement that calls it
  await sql.query("select gate.propose_automation($1, $2, $3, 'We want this.')", [
    admin.id,
    JSON.stringify(rules),
    doubt,
  ]);
  const newest = await sql.query(
    "select version, statement_sha256 as sha256 from automation_version order by version desc limit 1",
  );
  return newest.rows[0];
}

/** Signs a draft as its admin would; returns "in_force", "scheduled" or "proposed". */
export async function signRules(
  sql: Sql,
  { version, sha256 }: Draft,
  admin: TestPerson,
): Promise<string> {
  const proof = await proofOf(sql, admin, sha256);
  const { rows } = await sql.query("select gate.sign_automation($1, $2, $3, $4) as answer", [
    admin.id,
    version,
    sha256,
    proof,
  ]);
  return rows[0].answer.state;
}

/** Rules that are in force at the end: `owner` lets the day pass for which those wait that let more run. */
export async function publishRules(
  sql: Sql,
  {
    admins,
    rules,
    doubt,
    owner,
  }: { admins: TestPerson[]; rules: RuleInput[]; doubt?: number; owner?: Sql },
): Promise<number> {
  const draft = await draftRules(sql, { admin: admins[0]!, rules, doubt });
  for (const admin of admins) if ((await signRules(sql, draft, admin)) !== "proposed") break;
  if (owner) await aDayAfterSigning(owner);
  return draft.version;
}

/** As if every signature under rules were a day older. */
export async function aDayAfterSigning(owner: Sql): Promise<void> {
  await owner.query("alter table automation_signature disable trigger append_only");
  await owner.query("update automation_signature set at = at - interval '1 day'");
  await owner.query("alter table automation_signature enable always trigger append_only");
}

export async function withdrawRules(sql: Sql, version: number, admin: TestPerson): Promise<void> {
  await sql.query("select gate.withdraw_automation($1, $2, 'Not so.')", [admin.id, version]);
}

export async function act(
  sql: Sql,
  incidentId: string,
  { action = "collect_artifacts", target = "ws-17" } = {},
): Promise<string> {
  const { rows } = await sql.query("select gate.act_automatically($1, $2, $3) as id", [
    incidentId,
    action,
    target,
  ]);
  return rows[0].id;
}

type StopOf = { scope: string; type?: string; incidentId?: string };

export async function stop(
  sql: Sql,
  person: TestPerson,
  { scope, type, incidentId }: StopOf,
): Promise<string> {
  const { rows } = await sql.query("select gate.stop_automation($1, $2, $3, $4, 'Enough.') as id", [
    person.id,
    scope,
    type ?? null,
    incidentId ?? null,
  ]);
  return rows[0].id;
}

/** Lifts a stop with the person's signature; `forge` puts another digest or proof in its place. */
export async function lift(
  sql: Sql,
  person: TestPerson,
  stopId: string,
  forge: { sha256?: Buffer; proof?: Buffer } = {},
): Promise<void> {
  const { rows } = await sql.query(
    "select gate.automation_lift_statement($1, 'Looked at.') as text",
    [stopId],
  );
  const sha256 =
    forge.sha256 ??
    createHash("sha256")
      .update(rows[0].text ?? "")
      .digest();
  const proof = forge.proof ?? (await proofOf(sql, person, sha256));
  await sql.query("select gate.lift_automation($1, $2, $3, $4, 'Looked at.')", [
    person.id,
    stopId,
    sha256,
    proof,
  ]);
}

/** An admin beside the world's own; made before anything that holds the trail's head. */
export function secondAdmin(w: World): Promise<TestPerson> {
  return makePerson(w.db, "admin", "eve");
}

/** An attack that notices the loss of a trigger. */
export function noticing(trigger: string, says: string, run: Attack["run"]): Attack {
  return { name: `without ${trigger}`, says, notices: trigger, run };
}
