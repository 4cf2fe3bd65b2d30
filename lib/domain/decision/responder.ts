import type { ResponseActionKind } from "./decision.ts";

/** The kinds of system that carry out response actions. */
export const RESPONDER_KINDS = [
  "simulated",
  "webhook",
  "defender",
  "crowdstrike",
  "okta",
  "entra",
  "block_list",
] as const;
export type ResponderKind = (typeof RESPONDER_KINDS)[number];

const EVERY: readonly ResponseActionKind[] = [
  "isolate_host",
  "disable_account",
  "revoke_sessions",
  "block_indicator",
  "quarantine_file",
  "collect_artifacts",
];

/** What each kind can be asked for. */
export const RESPONDER_SERVES: Record<ResponderKind, readonly ResponseActionKind[]> = {
  simulated: EVERY,
  webhook: EVERY,
  defender: ["isolate_host", "collect_artifacts"],
  crowdstrike: ["isolate_host"],
  okta: ["disable_account", "revoke_sessions"],
  entra: ["disable_account", "revoke_sessions"],
  block_list: ["block_indicator"],
};

export const RESPONDER_WORDS: Record<ResponderKind, string> = {
  simulated: "Simulation",
  webhook: "Signed webhook",
  defender: "Microsoft Defender for Endpoint",
  crowdstrike: "CrowdStrike Falcon",
  okta: "Okta",
  entra: "Microsoft Entra ID",
  block_list: "Firewall block list",
};

export const RESPONDER_HINTS: Record<ResponderKind, string> = {
  simulated: "Asks nothing of any system and says so; for practice.",
  webhook: "Tells a SOAR of yours, which acts by its own rules.",
  defender: "Isolates hosts and collects investigation packages.",
  crowdstrike: "Contains hosts.",
  okta: "Suspends users and ends their sessions.",
  entra: "Disables accounts and ends their sessions.",
  block_list: "A list of addresses and domains that firewalls fetch here.",
};

/** Whether there is anything to take back; every system that does one of these can. */
export function isReversible(action: ResponseActionKind): boolean {
  return action !== "revoke_sessions" && action !== "collect_artifacts";
}

/** Kinds whose other side reads here, with a token of its own. */
export const RESPONDERS_WITH_TOKEN: readonly ResponderKind[] = ["webhook", "block_list"];

/** What was signed is begun within so many minutes or not at all; the database holds to it too. */
export const EXECUTE_MINUTES = 60;
