import type { GuardKind } from "./testing-guards.ts";

type Exemption = { kind: GuardKind; name: RegExp; reason: string };

const SECOND_LINE =
  "a second line: a proposal without a rule is refused before it (gate.check_proposal), and rules are append-only";
const WRITES = "it refuses nothing, it writes";

/** Guards whose loss no attack notices, and why that is right. Each is still missed at the next start. */
export const EXEMPT: readonly Exemption[] = [
  { kind: "refusal", name: /^gate\.check_incident: G0 /, reason: SECOND_LINE },
  { kind: "refusal", name: /^gate\.check_sign_off: G0 /, reason: SECOND_LINE },
  {
    kind: "unique",
    name: /^model_run_one_repair$/,
    reason: "no repair stands in the world of the attacks; asked by request-run.db.test.ts",
  },
  {
    kind: "check",
    name: /^sla_policy_(minutes|order) on sla_policy$/,
    reason: "no single value breaks it; asked by the attacks on service clocks",
  },
  {
    kind: "check",
    name: /^task_state_removed on task_state$/,
    reason: "no single value breaks it; asked by the attacks on tasks",
  },
  {
    kind: "trigger",
    name: /^set_clocks(_again)? on incident$/,
    reason: `${WRITES} when its clocks are due; asked by clocks.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^step_version on incident$/,
    reason: "it refuses nothing, it steps the version; another step is G8's to refuse",
  },
  {
    kind: "trigger",
    name: /^date_now on /,
    reason: `${WRITES} the time; asked by narrower-logins.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^end_sessions on person$/,
    reason: `${WRITES} the end of sessions; asked by narrower-logins.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^publish_policy on policy_rule$/,
    reason: `${WRITES} an entry of the trail; asked by trail.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^record_deletion on evidence_item$/,
    reason: `${WRITES} an entry of the trail; asked by drop-loose.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^record_proposal on decision$/,
    reason: `${WRITES} an entry of the trail; its absence is counted by prove -- chaos (entries)`,
  },
  {
    kind: "trigger",
    name: /^carry_out on trail\.erasure_end$/,
    reason: "it refuses nothing, it erases; asked by erasure.db.test.ts",
  },
  {
    kind: "trigger",
    name: /^end_exports on trail\.erasure_end$/,
    reason:
      "it refuses nothing, it ends what could hold what was erased; asked by exports.db.test.ts",
  },
  {
    kind: "trigger",
    name: /^end_take on (decision|sign_off)$/,
    reason: `it refuses nothing, it ends who has a decision in hand; asked by take-decision.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^notice_of_(proposal|settling|signature|enrolment|revocation|act|stop|rules|weaker_policy|delay|status|watched_proposal|watched_settling|handover|mention) on /,
    reason: `${WRITES} notices; asked by notices.db.test.ts, notices-of-rules.db.test.ts and watch-incident.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^carry_watches on incident$/,
    reason: `${WRITES} watches; asked by watch-incident.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^bulk_(proposed|moved) on decision$/,
    reason: `${WRITES} what a closure lists and who hears of it; asked by bulk.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^record_(automatic_act|automation_stop) on /,
    reason: `${WRITES} an entry of the trail, and an act's response; asked by automation.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^note_entry_model on trail\.entry$/,
    reason: `${WRITES} what search finds an entry by; asked by search-trail.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^record_opened on evidence_opened$/,
    reason: `${WRITES} an entry of the trail; asked by evidence-opened.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^record_second_review on second_review$/,
    reason: `${WRITES} an entry of the trail; asked by break-glass.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^record_(report|resolution) on /,
    reason: `${WRITES} an entry of the trail; asked by reports.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^(list_override|list_refused|list_rejected|record_override_verdict) on /,
    reason: `${WRITES} the list of overrides, or an entry of the trail; asked by overrides.db.test.ts`,
  },
  {
    kind: "trigger",
    name: /^complete_nodes on trail\.entry$/,
    reason: `${WRITES} the hashes of the tree; asked by trail-nodes.db.test.ts`,
  },
];
