/** What the words of a proposal must be by themselves, whatever the incident and the policy. */
import { CLOSURE_REASONS, DETERMINATIONS, RESPONSE_ACTION_KINDS } from "./decision.ts";
import type { DecisionContent, SentResponse } from "./decision.ts";
import type { Reason, RulingCode } from "./gate.ts";

const TARGET_CHARACTERS_MAX = 512;

/** Every reason why this content says too little, or what nobody can carry out. */
export function contentReasons(content: DecisionContent): Reason<RulingCode>[] {
  switch (content.kind) {
    case "escalation":
      return content.to.trim() === ""
        ? [{ code: "addressee_missing", sentence: "Say to whom the incident is escalated." }]
        : [];
    case "closure":
      return closureReasons(content);
    case "containment":
      return containmentReasons(content);
    case "reopening":
      return [];
  }
}

function closureReasons(content: DecisionContent & { kind: "closure" }): Reason<RulingCode>[] {
  const reasons: Reason<RulingCode>[] = [];
  const { classification, classificationReason, determination } = content;
  if (!Object.hasOwn(CLOSURE_REASONS, classification)) {
    reasons.push({
      code: "classification_unknown",
      sentence: "Choose a classification from the list.",
    });
  } else if (
    !(CLOSURE_REASONS[classification] as readonly string[]).includes(classificationReason)
  ) {
    reasons.push({
      code: "classification_reason_mismatch",
      sentence: "That reason does not belong to this classification.",
    });
  }
  if (determination !== null && !DETERMINATIONS.includes(determination)) {
    reasons.push({
      code: "determination_unknown",
      sentence: "Choose a determination from the list, or none.",
    });
  }
  return reasons;
}

function containmentReasons(
  content: DecisionContent & { kind: "containment" },
): Reason<RulingCode>[] {
  const { actions } = content;
  if (actions.length === 0) {
    return [
      {
        code: "actions_missing",
        sentence: "A containment names at least one action and its target.",
      },
    ];
  }
  const reasons: Reason<RulingCode>[] = [];
  const seen = new Set<string>();
  for (const [n, { action, target }] of actions.entries()) {
    const place = `Action ${n + 1}`;
    if (!RESPONSE_ACTION_KINDS.includes(action)) {
      reasons.push({ code: "action_unknown", sentence: `${place} is not a response action.` });
    }
    if (target.trim() === "") {
      reasons.push({ code: "target_missing", sentence: `${place} has no target.` });
    } else if (target.length > TARGET_CHARACTERS_MAX || HIDDEN_CHARACTERS.test(target)) {
      reasons.push({
        code: "target_invalid",
        sentence: `${place} has a target with hidden characters or of more than ${TARGET_CHARACTERS_MAX} characters.`,
      });
    }
    const key = `${action}\u0000${target.trim().toLowerCase()}`;
    if (seen.has(key))
      reasons.push({ code: "action_repeated", sentence: `${place} repeats an earlier one.` });
    seen.add(key);
  }
  return reasons;
}

/**
 * What would be taken back without having been sent from here, or, of a closed incident, without standing; `sent` null: what
 * was sent is not known here.
 */
export function undoReasons(
  content: DecisionContent,
  sent: readonly SentResponse[] | null = [],
  isClosed = false,
): Reason<RulingCode>[] {
  if (content.kind !== "containment" || sent === null) return [];
  return content.actions.flatMap(({ action, target, undoOf }, n): Reason<RulingCode>[] => {
    if (undoOf === undefined) return [];
    const known = sent.find(
      (one) => one.run === undoOf.toLowerCase() && one.action === action && one.target === target,
    );
    if (!known) {
      const sentence = `Action ${n + 1} takes back what was not sent from here for this incident.`;
      return [{ code: "undo_unknown", sentence }];
    }
    if (!isClosed || known.stands) return [];
    const sentence = `Action ${n + 1} takes back what is taken back already; of a closed incident only what stands is.`;
    return [{ code: "undo_done", sentence }];
  });
}

/** A containment that lets go and does nothing else: all of it that may be decided of a closed incident. */
export function onlyTakesBack(content: DecisionContent): boolean {
  if (content.kind !== "containment" || content.actions.length === 0) return false;
  return content.actions.every(({ undoOf }) => undoOf !== undefined);
}

/** Controls and marks that make a target read otherwise than it is (Unicode Cc, Cf, Zl, Zp). */
const HIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
