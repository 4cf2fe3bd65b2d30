/** Rows that stay as they were written, whoever comes; the owner tries. */
import { asOwner, truncation } from "./testing-attacks-rights.ts";
import type { Attack } from "./testing-world.ts";

/** Tables whose rows never change, with a column to try on. */
const FIXED_ROWS: [table: string, column: string][] = [
  ["sign_off", "reason"],
  ["transition", "kind"],
  ["claim", "text"],
  ["claim_verification", "standing"],
  ["citation", "quote"],
  ["summary", "state"],
  ["claim_review", "reason"],
  ["note", "text"],
  ["prompt_version", "text"],
  ["dead_letter", "reason"],
  ["policy_rule", "min_role"],
  ["model_config", "name"],
  ["model_activation", "reason"],
  ["run_event", "kind"],
  ["budget_limit", "reason"],
  ["model_report", "text"],
  ["report_resolution", "outcome"],
  ["override_verdict", "note"],
  ["evidence_opened", "at"],
  ["gate.relying_party", "origin"],
  ["trail.entry", "line"],
  ["trail.node", "hash"],
  ["trail.checkpoint", "note"],
  ["trail.entry_model", "model"],
];

const WITHOUT_DELETION = [
  "incident",
  "evidence_item",
  "decision",
  "model_run",
  "evaluation",
  "model_budget",
  "model_breaker",
  "person",
  "passkey",
  "trail.head",
];

export function neverChanging([table, column]: readonly [table: string, column: string]): Attack[] {
  const update = `update ${table} set ${column} = ${column}`;
  return [
    asOwner(update, "append-only: UPDATE", `append_only on ${table}`),
    asOwner(`delete from ${table}`, "append-only: DELETE", `append_only on ${table}`),
    truncation(table),
  ];
}

export const APPEND_ONLY_ATTACKS: Attack[] = [
  ...FIXED_ROWS.flatMap(neverChanging),
  ...WITHOUT_DELETION.flatMap((table) => [
    asOwner(
      `delete from ${table}`,
      "append-only: DELETE",
      table === "trail.head" ? `append_only on ${table}` : `no_deletion on ${table}`,
    ),
    truncation(table),
  ]),
  truncation("response_run"),
  asOwner(
    "update evidence_item set raw = raw",
    "append-only: UPDATE on evidence_item",
    "fixed on evidence_item",
  ),
  asOwner("update evidence_item set instruction_like = 0", "append-only: UPDATE on evidence_item"),
  asOwner(
    "update evidence_item set position = position + 7",
    "append-only: evidence stays",
    "evidence_move on evidence_item",
  ),
  asOwner("update trail.head set size = 0", "append-only: UPDATE on head", "step on trail.head"),
  asOwner(
    "update incident set merged_into_id = gen_random_uuid()",
    "merge: only an untouched",
    "check_merge on incident",
  ),
  asOwner(
    "insert into trail.checkpoint (size, root, note) values (1000000, sha256(''), '')",
    "checkpoint: the trail is shorter",
    "check_checkpoint on trail.checkpoint",
  ),
  asOwner(
    `insert into claim_verification (id, claim_id, verifier, standing, checks, uncovered, was, was_verifier)
     select gen_random_uuid(), claim_id, '1', 'supported', '[]', '[]', 'supported', '0' from claim_verification`,
    "verification: verifier 2 has judged this claim, 1 is not later",
    "follow_verification on claim_verification",
  ),
];
