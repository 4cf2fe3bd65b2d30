/** Every attack on the database in one table, for the tests and for `npm run prove -- gate` and `-- mutate`. */
import { ACTIVATION_ATTACKS } from "./testing-attacks-activation.ts";
import { BULK_ATTACKS } from "./testing-attacks-bulk.ts";
import { BY_HAND_ATTACKS } from "./testing-attacks-by-hand.ts";
import { CLOCK_ATTACKS } from "./testing-attacks-clocks.ts";
import { ERASURE_ATTACKS } from "./testing-attacks-erasure.ts";
import { EXPORT_ATTACKS } from "./testing-attacks-exports.ts";
import { FLOW_ATTACKS } from "./testing-attacks-flow.ts";
import { EDGE_ATTACKS } from "./testing-attacks-edges.ts";
import { AUTOMATION_ATTACKS } from "./testing-attacks-automation.ts";
import { AUTOMATION_CHANGE_ATTACKS } from "./testing-attacks-automation-change.ts";
import { AUTOMATION_PEOPLE_ATTACKS } from "./testing-attacks-automation-people.ts";
import { GATE_ATTACKS } from "./testing-attacks-gate.ts";
import { OPENED_ATTACKS } from "./testing-attacks-opened.ts";
import { NOTICE_ATTACKS } from "./testing-attacks-notices.ts";
import { OWNER_ATTACKS } from "./testing-attacks-owner.ts";
import { PASSKEY_ATTACKS } from "./testing-attacks-passkeys.ts";
import { MERGE_ATTACKS } from "./testing-attacks-merges.ts";
import { SPLIT_ATTACKS } from "./testing-attacks-splits.ts";
import { PIN_ATTACKS } from "./testing-attacks-pins.ts";
import { RESPONDER_ATTACKS } from "./testing-attacks-responders.ts";
import { REQUIREMENT_ATTACKS } from "./testing-attacks-policy.ts";
import { POLICY_CHANGE_ATTACKS } from "./testing-attacks-policy-change.ts";
import { RELEASE_ATTACKS } from "./testing-attacks-release.ts";
import { POLICY_OWNER_ATTACKS } from "./testing-attacks-policy-owner.ts";
import { REPORT_ATTACKS } from "./testing-attacks-reports.ts";
import { APPEND_ONLY_ATTACKS } from "./testing-attacks-fixed.ts";
import { RIGHTS_ATTACKS } from "./testing-attacks-rights.ts";
import { SEAL_ATTACKS } from "./testing-attacks-seal.ts";
import { REVIEW_ATTACKS } from "./testing-attacks-review.ts";
import { RULES_STAND_ATTACKS } from "./testing-attacks-rules-stand.ts";
import { RUN_ATTACKS } from "./testing-attacks-runs.ts";
import { OVERRIDE_ATTACKS } from "./testing-attacks-overrides.ts";
import { TRAIL_ATTACKS } from "./testing-attacks-trail.ts";
import { PLAYBOOK_ATTACKS } from "./testing-attacks-playbooks.ts";
import { WORK_ATTACKS } from "./testing-attacks-work.ts";
import type { Attack, World } from "./testing-world.ts";
import { sqlState } from "./transaction.ts";

export const ATTACK_TABLES: readonly [title: string, attacks: readonly Attack[]][] = [
  ["an attack by right", RIGHTS_ATTACKS],
  ["an attack on rows that never change", APPEND_ONLY_ATTACKS],
  ["an attack by the web login on the gate", GATE_ATTACKS],
  ["an attack by the owner on the gate", OWNER_ATTACKS],
  ["an attack on what model is in force", ACTIVATION_ATTACKS],
  ["an attack on runs and what they may cost", RUN_ATTACKS],
  ["an attack on the register of reports", REPORT_ATTACKS],
  ["an attack on what leads say of overrides", OVERRIDE_ATTACKS],
  ["an attack on passkeys", PASSKEY_ATTACKS],
  ["an attack on what is asked of other systems", RESPONDER_ATTACKS],
  ["an attack on what is let go after the end", RELEASE_ATTACKS],
  ["an attack on the flow of decisions", FLOW_ATTACKS],
  ["an attack on the signature of a second review", REVIEW_ATTACKS],
  ["an attack on what was opened", OPENED_ATTACKS],
  ["an attack on what the team has pinned", PIN_ATTACKS],
  ["an attack on what is merged by hand", MERGE_ATTACKS],
  ["an attack on who adds by hand", BY_HAND_ATTACKS],
  ["an attack on what is split by hand", SPLIT_ATTACKS],
  ["an attack on tasks and hand-overs", WORK_ATTACKS],
  ["an attack on playbooks", PLAYBOOK_ATTACKS],
  ["an attack beside the gate", EDGE_ATTACKS],
  ["an attack on what an entry says of itself", TRAIL_ATTACKS],
  ["an attack on what the policy asks", REQUIREMENT_ATTACKS],
  ["an attack on how the policy changes", POLICY_CHANGE_ATTACKS],
  ["an attack past the functions that change the policy", POLICY_OWNER_ATTACKS],
  ["an attack on what runs by itself", AUTOMATION_ATTACKS],
  ["an attack on who says what runs by itself", AUTOMATION_PEOPLE_ATTACKS],
  ["an attack on how what runs by itself changes", AUTOMATION_CHANGE_ATTACKS],
  ["an attack on rules that were signed to run by themselves", RULES_STAND_ATTACKS],
  ["an attack on the inbox and on notices", NOTICE_ATTACKS],
  ["an attack on closures of several incidents", BULK_ATTACKS],
  ["an attack on sealed payloads and their erasure", ERASURE_ATTACKS],
  ["an attack on what seals the trail", SEAL_ATTACKS],
  ["an attack on exports of the trail", EXPORT_ATTACKS],
  ["an attack on service clocks", CLOCK_ATTACKS],
];

export const ATTACKS: readonly Attack[] = ATTACK_TABLES.flatMap(([, attacks]) => attacks);

const NAMED = [...new Set(ATTACKS.flatMap(({ notices }) => notices ?? []))];
/** Guards that refuse by their code, and triggers: each is named by an attack that notices its loss. */
export const GUARD_CODES: readonly string[] = NAMED.filter((name) => /^G\d+$/.test(name));
export const GUARD_TRIGGERS: readonly string[] = NAMED.filter((name) => name.includes(" on "));

export type Judged = {
  /** Refused, in the words and with the SQLSTATE of what should refuse it. */
  holds: boolean;
  /** What the database said, or "passed". */
  words: string;
  state: string | null;
};

/** Makes the attack and says whether it was refused for the reason it names: any other refusal proves nothing. */
export async function judge(world: World, attack: Attack): Promise<Judged> {
  try {
    await attack.run(world);
    return { holds: false, words: "passed", state: null };
  } catch (error) {
    const words = (error as Error).message;
    const state = sqlState(error);
    return { holds: words.startsWith(attack.says) && state === stateOf(attack), words, state };
  }
}

/** 42501 insufficient_privilege, 40001 serialization_failure (what is stale may be tried again), 23514 check_violation. */
function stateOf({ says, state }: Attack): string {
  if (state !== undefined) return state;
  if (says.startsWith("G11 ")) return "40001";
  return says.includes("violates check constraint") ? "23514" : "42501";
}

/** The guard, right or constraint that an attack is to be refused by. */
export function guardOf({ says, notices }: Attack): string {
  const code = /^G\d+/.exec(says)?.[0];
  if (code) return code;
  if (/^permission denied|^must be owner/.test(says)) return "right";
  if (says.startsWith("append-only")) return "append-only";
  return notices ?? /check constraint "([^"]+)"/.exec(says)?.[1] ?? "trigger";
}

/** The attacks on one guard that are not refused in its name, each with what came instead. */
export async function missedAttacks(world: World, guard: string): Promise<string[]> {
  const missed: string[] = [];
  for (const attack of ATTACKS.filter(({ notices }) => notices === guard)) {
    const { holds, words } = await judge(world, attack);
    if (!holds) missed.push(`${attack.name}: ${words}`);
  }
  return missed;
}

export type Mutation = {
  /** The attacks that noticed the guard's absence. */
  noticedBy: string[];
  /** What a start says is missing while the guard is gone. */
  atStart: string[];
};

/** Takes one guard away, makes the attacks that should notice, and puts it back as it was. */
export async function withoutGuard(world: World, guard: string): Promise<Mutation> {
  const { away, back } = await removalOf(world, guard);
  await world.owner.query(away);
  try {
    const noticedBy = await missedAttacks(world, guard);
    return { noticedBy, atStart: await missingGuards(world) };
  } finally {
    await world.owner.query(back);
  }
}

type Removal = { away: string; back: string };

async function removalOf(world: World, guard: string): Promise<Removal> {
  const [trigger = "", table] = guard.split(" on ");
  if (table === undefined) return silenced(world, guard);
  const change = (how: string) => `alter table ${table} ${how} trigger ${trigger}`;
  return { away: change("disable"), back: change("enable always") };
}

/** Every guard with a code refuses through `gate.refuse`; it is made deaf to one of them, whatever else it does. */
async function silenced(world: World, code: string): Promise<Removal> {
  const { rows } = await world.owner.query<{ def: string }>(
    "select pg_get_functiondef('gate.refuse(text,text)'::regprocedure) as def",
  );
  const back = rows[0]!.def;
  const away = back.replace(/\bBEGIN\b/, `BEGIN IF p_guard = '${code}' THEN RETURN; END IF;`);
  return { away, back };
}

export async function missingGuards(world: World): Promise<string[]> {
  const { rows } = await world.web.query<{ what: string }>("select gate.missing_guards() as what");
  return rows.map(({ what }) => what);
}
