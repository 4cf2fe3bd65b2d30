import { undone } from "./testing-world.ts";
import type { Attack } from "./testing-world.ts";
import type { Login } from "#lib/env.ts";

/** A statement that a login has no right to run; `$I` is a closed incident, `$D` its decision. */
export type Forbidden = [login: Login, sql: string, says: string];

const FORBIDDEN: Forbidden[] = [
  ["web", "update incident set status = 'closed'", "permission denied for table incident"],
  [
    "web",
    "update incident set closed_by = null, closed_at = null",
    "permission denied for table incident",
  ],
  [
    "web",
    "update incident set escalated_by = gen_random_uuid()",
    "permission denied for table incident",
  ],
  [
    "web",
    "update incident set contained_by = gen_random_uuid()",
    "permission denied for table incident",
  ],
  ["web", "update incident set version = 9", "permission denied for table incident"],
  ["web", "delete from incident", "permission denied for table incident"],
  ["web", "truncate incident cascade", "permission denied for table incident"],
  ["web", "insert into sign_off select * from sign_off", "permission denied for table sign_off"],
  ["web", "update sign_off set outcome = 'approved'", "permission denied for table sign_off"],
  [
    "web",
    "insert into transition select * from transition",
    "permission denied for table transition",
  ],
  ["web", "update decision set state = 'in_effect'", "permission denied for table decision"],
  ["web", "delete from decision", "permission denied for table decision"],
  ["web", "update person set role = 'lead'", "permission denied for table person"],
  ["web", "insert into person select * from person", "permission denied for table person"],
  ["web", "select key from gate.sign_key", "permission denied for table sign_key"],
  ["web", "update gate.sign_key set key = salt", "permission denied for table sign_key"],
  [
    "web",
    "insert into policy_rule select * from policy_rule",
    "permission denied for table policy_rule",
  ],
  ["web", "insert into api_token select * from api_token", "permission denied for table api_token"],
  ["web", "select gate.take_effect('$D')", "permission denied for function take_effect"],
  ["web", "select gate.record_guards()", "permission denied for function record_guards"],
  [
    "web",
    "select trail.write('decision.signed', 'system:x', null, '{}')",
    "permission denied for function write",
  ],
  ["web", "insert into trail.entry select * from trail.entry", "permission denied for table entry"],
  ["web", "update trail.entry set line = ''", "permission denied for table entry"],
  ["web", "delete from trail.entry", "permission denied for table entry"],
  ["web", "truncate trail.entry cascade", "permission denied for table entry"],
  ["web", "update trail.head set size = 0", "permission denied for table head"],
  [
    "web",
    "insert into trail.checkpoint (size, root, note) values (2, '', '')",
    "permission denied for table checkpoint",
  ],
  ["web", "update evidence_item set raw = ''", "permission denied for table evidence_item"],
  ["web", "update note set text = ''", "permission denied for table note"],
  ["web", "update claim set standing = 'supported'", "permission denied for table claim"],
  [
    "web",
    "insert into claim_verification select * from claim_verification",
    "permission denied for table claim_verification",
  ],
  [
    "worker",
    "update claim_verification set standing = 'supported'",
    "permission denied for table claim_verification",
  ],
  ["worker", "delete from claim_verification", "permission denied for table claim_verification"],
  ["web", "insert into summary select * from summary", "permission denied for table summary"],
  [
    "web",
    "update response_run set outcome = 'verified'",
    "permission denied for table response_run",
  ],
  ["web", "set session_replication_role = replica", "permission denied to set parameter"],
  ["web", "set role countersign_owner", "permission denied to set role"],
  ["web", "alter table incident disable trigger all", "must be owner of table incident"],
  [
    "web",
    "alter table incident drop constraint incident_closed",
    "must be owner of table incident",
  ],
  ["web", "drop trigger incident_gate on incident", "must be owner of relation incident"],
  [
    "web",
    "create function gate.rank2() returns int language sql as 'select 1'",
    "permission denied for schema gate",
  ],
  ["web", "create table public.shadow (id int)", "permission denied for schema public"],
  ["web", "create temp table incident (id int)", "permission denied to create temporary tables"],
  ["worker", "update incident set status = 'closed'", "permission denied for table incident"],
  ["worker", "insert into sign_off select * from sign_off", "permission denied for table sign_off"],
  ["worker", "insert into decision select * from decision", "permission denied for table decision"],
  [
    "worker",
    "select gate.sign_decision('$D', '$D', 'approved', '', '', null)",
    "permission denied for function sign_decision",
  ],
  ["worker", "select password_hash from person", "permission denied for table person"],
  ["worker", "select * from gate.sign_key", "permission denied for table sign_key"],
  ["web", "update model_run set state = 'cancelled'", "permission denied for table model_run"],
  [
    "web",
    "insert into model_run (id, request) values (gen_random_uuid(), '{}')",
    "permission denied for table model_run",
  ],
  ["web", "select key_sealed from model_config", "permission denied for table model_config"],
  ["web", "select * from model_config", "permission denied for table model_config"],
  ["web", "update model_config set model = 'x'", "permission denied for table model_config"],
  [
    "web",
    "insert into model_activation select * from model_activation",
    "permission denied for table model_activation",
  ],
  ["web", "insert into run_event select * from run_event", "permission denied for table run_event"],
  ["web", "update evaluation set state = 'finished'", "permission denied for table evaluation"],
  ["web", "update model_budget set spent_micro = 0", "permission denied for table model_budget"],
  ["web", "delete from model_budget", "permission denied for table model_budget"],
  ["web", "update model_breaker set state = 'open'", "permission denied for table model_breaker"],
  ["web", "update budget_limit set all_micro = 0", "permission denied for table budget_limit"],
  ["web", "select gate.settle('all', 'all', 1, 0)", "permission denied for function settle"],
  ["web", "select gate.note_fault('$D')", "permission denied for function note_fault"],
  ["web", "select gate.beat_run('$D', 'w')", "permission denied for function beat_run"],
  [
    "worker",
    "insert into model_activation select * from model_activation",
    "permission denied for table model_activation",
  ],
  [
    "worker",
    "select gate.activate_model('$D', '$D', '$D', '', '', '')",
    "permission denied for function activate_model",
  ],
  ["worker", "select gate.stop_model('$D', '')", "permission denied for function stop_model"],
  ["worker", "select gate.cancel_run('$D', '$D')", "permission denied for function cancel_run"],
  ["worker", "update model_run set request = ''", "permission denied for table model_run"],
  ["worker", "update model_run set reserved_micro = 0", "permission denied for table model_run"],
  ["worker", "update model_run set worker = 'me'", "permission denied for table model_run"],
  ["worker", "update model_run set heartbeat_at = now()", "permission denied for table model_run"],
  ["worker", "update model_run set stop_asked_at = null", "permission denied for table model_run"],
  ["worker", "update model_budget set spent_micro = 0", "permission denied for table model_budget"],
  [
    "worker",
    "update model_breaker set state = 'closed'",
    "permission denied for table model_breaker",
  ],
  [
    "worker",
    "insert into budget_limit select * from budget_limit",
    "permission denied for table budget_limit",
  ],
  ["worker", "update run_event set data = '{}'", "permission denied for table run_event"],
  ["worker", "select gate.hold('all', 'all', -9)", "permission denied for function hold"],
  ["web", "update model_report set text = ''", "permission denied for table model_report"],
  ["web", "delete from report_resolution", "permission denied for table report_resolution"],
  [
    "worker",
    "insert into model_report select * from model_report",
    "permission denied for table model_report",
  ],
  ["auditor", "select key_sealed from model_config", "permission denied for table model_config"],
  ["auditor", "select password_hash from person", "permission denied for table person"],
  ["auditor", "select * from gate.sign_key", "permission denied for table sign_key"],
  ["auditor", "update incident set title = ''", "permission denied for table incident"],
  [
    "auditor",
    "select trail.append('note.added', 'system:x', null, '{}')",
    "permission denied for function append",
  ],
  [
    "web",
    "select gate.sign_with_passkey('$D', '$D', '', '', '', '')",
    "permission denied for function sign_with_passkey",
  ],
  ["web", "insert into passkey select * from passkey", "permission denied for table passkey"],
  ["web", "update passkey set revoked_at = null", "permission denied for table passkey"],
  ["web", "select proof from passkey", "permission denied for table passkey"],
  [
    "web",
    "select gate.set_relying_party('evil.example', 'https://evil.example')",
    "permission denied for function set_relying_party",
  ],
  [
    "worker",
    "select gate.revoke_passkey('$D', '$D', '')",
    "permission denied for function revoke_passkey",
  ],
  [
    "verifier",
    "select gate.sign_decision('$D', '$D', 'approved', '', '')",
    "permission denied for function sign_decision",
  ],
  [
    "verifier",
    "insert into sign_off select * from sign_off",
    "permission denied for table sign_off",
  ],
  ["verifier", "select * from sign_off", "permission denied for table sign_off"],
  ["verifier", "select statement from decision", "permission denied for table decision"],
  ["verifier", "select * from incident", "permission denied for table incident"],
  ["verifier", "select id from person", "permission denied for table person"],
  ["verifier", "select * from gate.sign_key", "permission denied for table sign_key"],
  ["verifier", "update passkey set sign_count = 0", "permission denied for table passkey"],
  [
    "verifier",
    "select trail.append('note.added', 'system:x', null, '{}')",
    "permission denied for schema trail",
  ],
  ["signer", "select * from incident", "permission denied for"],
  [
    "signer",
    "select trail.append('note.added', 'system:x', null, '{}')",
    "permission denied for function append",
  ],
  ["signer", "update trail.checkpoint set note = ''", "permission denied for table checkpoint"],
  [
    "signer",
    "insert into trail.checkpoint (size, root, note, at) values (2, '', '', now())",
    "permission denied for table checkpoint",
  ],
];

export const RIGHTS_ATTACKS: Attack[] = FORBIDDEN.map(forbidden);

export function forbidden([login, sql, says]: Forbidden): Attack {
  return {
    name: `${login}: ${sql}`,
    says,
    run: ({ db, closed }) =>
      undone(db.pools[login], (client) =>
        client.query(sql.replaceAll("$I", closed.incidentId).replaceAll("$D", closed.decision.id)),
      ),
  };
}

export function truncation(table: string): Attack {
  const [bare, schema] = table.split(".").toReversed();
  const trigger = schema === "trail" ? "append_only_whole" : "no_truncate";
  // to its end: the name of one table begins another's
  const says = `append-only: TRUNCATE on ${bare} refused`;
  return asOwner(`truncate ${table} cascade`, says, `${trigger} on ${table}`);
}

export function asOwner(sql: string, says: string, notices?: string): Attack {
  return {
    name: `owner: ${sql}`,
    says,
    notices,
    run: ({ owner }) => undone(owner, (client) => client.query(sql)),
  };
}
