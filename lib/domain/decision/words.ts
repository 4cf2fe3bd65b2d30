import { said, sentence, type Sentence } from "#lib/domain/sentence.ts";
import type {
  ClosureClassification,
  DecisionContent,
  DecisionKind,
  DecisionState,
  Determination,
  ResponseAction,
  ResponseActionKind,
} from "./decision.ts";
import type { BlastRadius } from "./policy.ts";

/** How decisions read on a screen and in a statement. */
export const DECISION_WORDS: Record<DecisionKind, string> = {
  escalation: "Escalation",
  containment: "Containment",
  closure: "Closure",
  reopening: "Reopening",
};

/** The verb on the button that proposes it. */
export const DECISION_VERBS: Record<DecisionKind, string> = {
  escalation: "Escalate",
  containment: "Contain",
  closure: "Close",
  reopening: "Reopen",
};

export const DECISION_STATE_WORDS: Record<DecisionState, string> = {
  proposed: "Waiting for signatures",
  in_effect: "In effect",
  refused: "Refused",
  rejected: "Rejected",
  withdrawn: "Withdrawn",
  expired: "Expired",
  stale: "Void: facts changed",
};

export const CLASSIFICATION_WORDS: Record<ClosureClassification, string> = {
  true_positive: "True positive",
  benign_positive: "Benign positive",
  false_positive: "False positive",
  undetermined: "Undetermined",
};

const CLASSIFICATION_REASON_WORDS: Record<string, string> = {
  suspicious_activity: "Suspicious activity",
  suspicious_but_expected: "Suspicious but expected",
  incorrect_alert_logic: "Incorrect alert logic",
  inaccurate_data: "Inaccurate data",
  undetermined: "Undetermined",
};

export function classificationReasonWords(reason: string): string {
  return CLASSIFICATION_REASON_WORDS[reason] ?? reason;
}

export const DETERMINATION_WORDS: Record<Determination, string> = {
  multi_staged_attack: "Multi-staged attack",
  malicious_user_activity: "Malicious user activity",
  compromised_account: "Compromised account",
  malware: "Malware",
  phishing: "Phishing",
  unwanted_software: "Unwanted software",
  security_testing: "Security testing",
  line_of_business_application: "Line of business application",
  confirmed_activity: "Confirmed activity",
  clean: "Clean",
  insufficient_data: "Insufficient data",
  other: "Other",
};

export const RESPONSE_WORDS: Record<ResponseActionKind, string> = {
  isolate_host: "Isolate host",
  disable_account: "Disable account",
  revoke_sessions: "Revoke sessions",
  block_indicator: "Block indicator",
  quarantine_file: "Quarantine file",
  collect_artifacts: "Collect artifacts",
};

export const BLAST_RADIUS_WORDS: Record<BlastRadius, string> = {
  none: "acts on no system",
  collection: "collects only, changes nothing",
  one_endpoint: "one endpoint",
  one_account: "one account",
  several_systems: "more than one system",
  external_access: "blocks external access",
};

/** How a response action is undone, in a sentence. */
export const RESPONSE_UNDO: Record<ResponseActionKind, string> = {
  isolate_host: "Undo: release the host from isolation in the endpoint console.",
  disable_account: "Undo: enable the account again in the directory.",
  revoke_sessions: "Cannot be undone; the person signs in again.",
  block_indicator: "Undo: remove the indicator from the block list.",
  quarantine_file: "Undo: restore the file from quarantine.",
  collect_artifacts: "Changes nothing on the host; nothing to undo.",
};

/** The action as a verb: "Isolate host", "Take back: isolate host". */
export function responseWords({
  action,
  undoOf,
}: Pick<ResponseAction, "action" | "undoOf">): string {
  const words = RESPONSE_WORDS[action];
  return undoOf === undefined ? words : `Take back: ${words.toLowerCase()}`;
}

/** How an action is undone, or that it undoes. */
export function undoWords({ action, undoOf }: ResponseAction): string {
  return undoOf === undefined
    ? RESPONSE_UNDO[action]
    : "Takes back what was sent before, by the same responder.";
}

/** The kinds of observable an action can be aimed at. */
export const RESPONSE_TARGETS: Record<ResponseActionKind, readonly string[]> = {
  isolate_host: ["host"],
  disable_account: ["user", "email", "sid"],
  revoke_sessions: ["user", "email", "sid"],
  block_indicator: ["ip", "domain", "url", "hash", "email"],
  quarantine_file: ["file", "hash"],
  collect_artifacts: ["host"],
};

/** One line that says what is proposed: "Close as true positive (suspicious activity)". */
export function contentWords(content: DecisionContent): Sentence {
  switch (content.kind) {
    case "escalation":
      return sentence`Escalate to ${said(content.to)}`;
    case "containment":
      return content.actions.flatMap((action, n) => [
        `${n === 0 ? "" : "; "}${responseWords(action)} `,
        said(action.target),
      ]);
    case "closure": {
      const reason = classificationReasonWords(content.classificationReason).toLowerCase();
      const many = content.incidents ? ` ${content.incidents.length} incidents together` : "";
      return `Close${many} as ${CLASSIFICATION_WORDS[content.classification].toLowerCase()} (${reason})`;
    }
    case "reopening":
      return "Open the incident again";
  }
}
