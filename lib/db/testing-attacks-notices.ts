import type { Attack } from "./testing-world.ts";
import { forbidden, type Forbidden } from "./testing-attacks-rights.ts";

const FORBIDDEN: Forbidden[] = [
  [
    "web",
    "insert into decision_take select id, proposer_id, now(), now() + interval '1 day' from decision",
    "permission denied for table decision_take",
  ],
  ["web", "insert into notice select * from notice", "permission denied for table notice"],
  ["web", "update notice set person_id = person_id", "permission denied for table notice"],
  ["web", "delete from notice_event", "permission denied for table notice_event"],
  [
    "web",
    "update notice_delivery set state = 'sent'",
    "permission denied for table notice_delivery",
  ],
  [
    "worker",
    "insert into notice_delivery select * from notice_delivery",
    "permission denied for table notice_delivery",
  ],
  [
    "worker",
    "update notice_delivery set person_id = person_id",
    "permission denied for table notice_delivery",
  ],
  ["worker", "select credential_id from passkey", "permission denied for table passkey"],
  ["worker", "update notice set at = now()", "permission denied for table notice"],
  ["web", "delete from decision_take", "permission denied for table decision_take"],
  [
    "worker",
    "select gate.take_next_decision('$D')",
    "permission denied for function take_next_decision",
  ],
];

/** Attacks on the inbox and on notices: what nobody may write, or write otherwise. */
export const NOTICE_ATTACKS: Attack[] = FORBIDDEN.map(forbidden);
