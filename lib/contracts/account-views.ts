import type { AccountSection, CertificateState } from "#lib/domain/decision/account.ts";
import type { ControlAnswer } from "#lib/domain/decision/controls.ts";
import type { DecisionView } from "./views.ts";

/** The reasons of a decision in sentences, and which answers to controls it holds. */
export type DecisionAccountView = {
  decision: DecisionView;
  /** The incident's title as it was stated. */
  title: string;
  sections: AccountSection[];
  answers: ControlAnswer[];
  /** Answers that cannot be told any more, since an erasure took what told them. */
  erased: ControlAnswer[];
  certificate: CertificateState;
};
