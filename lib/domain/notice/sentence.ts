import type { DecisionKind } from "../decision/decision.ts";
import { DECISION_WORDS } from "../decision/words.ts";
import type { IncidentStatus } from "../incident/incident.ts";
import { STATUS_WORDS } from "../incident/words.ts";
import type { NoticeKind } from "./notice.ts";

/** What a notice is about, for the person who is told. */
export type Noticed =
  | {
      kind: Extract<NoticeKind, `decision.${string}` | `incident.decision_${string}`>;
      decision: { kind: DecisionKind; incidentNumber: string };
      /** Null: nobody did it. */
      actor: string | null;
    }
  | {
      kind: "incident.handed_over";
      incidentNumber: string;
      actor: string | null;
      /** Who has it now; null: nobody. */
      to: string | null;
      toReader: boolean;
    }
  | { kind: "incident.mentioned"; incidentNumber: string; actor: string | null }
  | { kind: "incident.status_changed"; incidentNumber: string; status: IncidentStatus }
  | { kind: "automation.isolated" | "automation.stopped"; incidentNumber: string }
  | {
      kind: "automation.waiting" | "automation.scheduled" | "policy.waiting" | "policy.scheduled";
      version: number;
      actor: string | null;
      /** When what has its signatures takes effect, ISO 8601 UTC. */
      effectiveAt: string | null;
    }
  | {
      kind: Extract<NoticeKind, `passkey.${string}`>;
      /** Whose it is. */
      holder: string;
      isOwn: boolean;
      /** Its holder did it. */
      byHolder: boolean;
      actor: string | null;
    };

/** One sentence without anything that evidence, a model or a form wrote; names are those of people of the desk. */
export function noticeSentence(noticed: Noticed): string {
  const who = ("actor" in noticed ? noticed.actor : null) ?? "Somebody";
  switch (noticed.kind) {
    case "decision.waiting":
      return `${what(noticed)}, proposed by ${who}, waits for your signature.`;
    case "decision.signed":
      return `${who} signed your ${mine(noticed)}; it needs more signatures.`;
    case "decision.rejected":
      return `${who} rejected your ${mine(noticed)}.`;
    case "decision.expired":
      return `Your ${mine(noticed)} expired without enough signatures.`;
    case "decision.went_stale":
      return `Your ${mine(noticed)} is void: the facts it was proposed on changed.`;
    case "decision.took_effect":
      return `Your ${mine(noticed)} took effect.`;
    case "automation.isolated":
      return `Automation isolated an endpoint in ${noticed.incidentNumber} by itself.`;
    case "automation.stopped":
      return `Automation stopped itself in ${noticed.incidentNumber}: its evidence or its claims are in doubt.`;
    case "automation.waiting":
      return `${who} signed rules of automation, version ${noticed.version}; they wait for a second admin.`;
    case "automation.scheduled":
      return `Rules that let more run by itself, version ${noticed.version}, have their signatures${when(noticed.effectiveAt, "take")}.`;
    case "policy.waiting":
      return `${who} proposed a weaker policy, version ${noticed.version}; it waits for a second admin.`;
    case "policy.scheduled":
      return `A weaker policy, version ${noticed.version}, has its signatures${when(noticed.effectiveAt, "takes")}.`;
    case "incident.handed_over":
      return `${who} handed ${noticed.incidentNumber} over to ${noticed.toReader ? "you" : (noticed.to ?? "nobody yet")}.`;
    case "incident.mentioned":
      return `${who} named you in a note of ${noticed.incidentNumber}.`;
    case "incident.status_changed":
      return `The status of ${noticed.incidentNumber}, which you watch, is now ${STATUS_WORDS[noticed.status].toLowerCase()}.`;
    case "incident.decision_proposed":
      return `${who} proposed the ${mine(noticed)}, which you watch.`;
    case "incident.decision_took_effect":
      return `The ${mine(noticed)}, which you watch, took effect.`;
    case "incident.decision_rejected":
      return `${who} rejected the ${mine(noticed)}, which you watch.`;
    case "passkey.enrolled":
      return noticed.isOwn
        ? "A passkey was enrolled for you. If that was not you, revoke it and tell an admin."
        : `${noticed.holder} enrolled a passkey.`;
    case "passkey.revoked":
      return noticed.isOwn
        ? `${noticed.byHolder ? "You" : who} revoked a passkey of yours.`
        : `${who} revoked a passkey of ${noticed.byHolder ? "their own" : noticed.holder}.`;
    default:
      return unreachable(noticed);
  }
}

function when(at: string | null, takes: string): string {
  return at === null ? "" : ` and ${takes} effect ${at.slice(0, 10)} at ${at.slice(11, 16)} UTC`;
}

function what({ decision }: Extract<Noticed, { decision: object }>): string {
  return `${DECISION_WORDS[decision.kind]} of ${decision.incidentNumber}`;
}

function mine({ decision }: Extract<Noticed, { decision: object }>): string {
  return `${DECISION_WORDS[decision.kind].toLowerCase()} of ${decision.incidentNumber}`;
}

function unreachable(noticed: never): never {
  throw new Error(`There is no notice ${JSON.stringify(noticed)}.`);
}
