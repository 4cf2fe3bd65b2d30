import type {
  DecisionContent,
  DecisionKind,
  ResponseAction,
} from "#lib/domain/decision/decision.ts";
import {
  BREAK_GLASS_REASON_CHARACTERS_MIN,
  REASON_CHARACTERS_MIN,
} from "#lib/domain/decision/gate.ts";
import type { ClosureDraft } from "./closure-fields.tsx";

/** What a proposal form holds before it is whole. */
export type ProposalDraft = {
  kind: DecisionKind;
  reason: string;
  to: string;
  actions: ResponseAction[];
  closure: ClosureDraft;
  waived: string[];
  /** A lead means to sign it alone. */
  breakGlass: boolean;
};

export function emptyDraft(kind: DecisionKind): ProposalDraft {
  return {
    kind,
    reason: "",
    to: "",
    actions: [{ action: "isolate_host", target: "" }],
    closure: { classification: null, classificationReason: null, determination: null },
    waived: [],
    breakGlass: false,
  };
}

export type DraftErrors = Record<string, string[] | undefined>;

/** The content the draft stands for, or what is still missing, by field. */
export function contentOf(
  draft: ProposalDraft,
): { content: DecisionContent } | { errors: DraftErrors } {
  const errors: DraftErrors = {};
  const reason = draft.reason.trim();
  if (reason.length < REASON_CHARACTERS_MIN) {
    errors.reason = [
      `Write why, in at least ${REASON_CHARACTERS_MIN} characters; the signer reads it.`,
    ];
  }
  if (draft.breakGlass && reason.length < BREAK_GLASS_REASON_CHARACTERS_MIN) {
    errors.reason = [
      `Write in at least ${BREAK_GLASS_REASON_CHARACTERS_MIN} characters why nobody else could sign.`,
    ];
  }
  switch (draft.kind) {
    case "escalation": {
      const to = draft.to.trim();
      if (!to) errors.to = ["Say who takes it from here."];
      return whole(errors, { kind: "escalation", reason, to });
    }
    case "containment": {
      const actions = draft.actions.map((action) => ({ ...action, target: action.target.trim() }));
      if (actions.some(({ target }) => !target)) errors.actions = ["Every action needs a target."];
      if (
        new Set(actions.map(({ action, target }) => `${action}:${target}`)).size < actions.length
      ) {
        errors.actions = ["Two rows name the same action on the same target."];
      }
      return whole(errors, { kind: "containment", reason, actions });
    }
    case "closure": {
      const { classification, classificationReason, determination } = draft.closure;
      if (!classification || !classificationReason) {
        return { errors: { ...errors, classification: ["Choose a classification."] } };
      }
      return whole(errors, {
        kind: "closure",
        reason,
        classification,
        classificationReason,
        determination,
      });
    }
    case "reopening":
      return whole(errors, { kind: "reopening", reason });
  }
}

function whole(errors: DraftErrors, content: DecisionContent) {
  return Object.keys(errors).length > 0 ? { errors } : { content };
}
