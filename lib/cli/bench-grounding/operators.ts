/** The 26 mutation operators, in order, with what each may be wrong about. */
import { swappedOrder, wrongCount, wrongDuration, wrongTime } from "./mutants-amounts.ts";
import { copiedInjection, evidenceMoved, otherSentence, vacuous } from "./mutants-binding.ts";
import { wrongCitation, wrongQuote } from "./mutants-citations.ts";
import { flippedOutcome, swappedDirection } from "./mutants-direction.ts";
import {
  foreignEntity,
  merged,
  otherSpelling,
  swappedRole,
  typo,
  uncitedEntity,
  wrongActor,
} from "./mutants-entities.ts";
import { caused, generalised, inflated } from "./mutants-judgement.ts";
import { negated } from "./mutants-negation.ts";
import { nullFilled } from "./mutants-unknown.ts";
import { wrongUnit } from "./mutants-units.ts";
import { wrongTechnique } from "./mutants-techniques.ts";
import type { Operator } from "./mutant-context.ts";

export type OperatorEntry = {
  id: string;
  says: string;
  make: Operator;
  /** The standing must stay `supported`: what is counted are alarms. */
  keeps?: true;
};

export const OPERATORS: OperatorEntry[] = [
  { id: "M01", says: "thing of another incident", make: foreignEntity },
  { id: "M02", says: "thing of the incident, not in the cited evidence", make: uncitedEntity },
  { id: "M03", says: "other thing of the cited record (role swap)", make: swappedRole },
  { id: "M04", says: "one character off", make: typo },
  { id: "M05", says: "other spelling of the true thing", make: otherSpelling, keeps: true },
  { id: "M06", says: "wrong count", make: wrongCount },
  { id: "M07", says: "wrong time or zone", make: wrongTime },
  { id: "M08", says: "wrong duration", make: wrongDuration },
  { id: "M09", says: "order swapped", make: swappedOrder },
  { id: "M10", says: "direction swapped", make: swappedDirection },
  { id: "M11", says: "wrong user", make: wrongActor },
  { id: "M12", says: "wrong citation", make: wrongCitation },
  { id: "M13", says: "wrong quote", make: wrongQuote },
  { id: "M14", says: "negated, or a negation taken out", make: negated },
  { id: "M15", says: "wrong technique", make: wrongTechnique },
  { id: "M16", says: "two records made one", make: merged },
  { id: "M17", says: "one told as all, every or only", make: generalised },
  { id: "M18", says: "outcome flipped", make: flippedOutcome },
  { id: "M19", says: "severity or verdict inflated", make: inflated },
  { id: "M20", says: "cause, actor or purpose added", make: caused },
  { id: "M21", says: "unit slipped", make: wrongUnit },
  { id: "M22", says: "unknown told as a value, a value as none", make: nullFilled },
  { id: "M23", says: "right predicates, another sentence", make: otherSentence },
  { id: "M24", says: "empty predicate under a full sentence", make: vacuous },
  { id: "M25", says: "injected text copied", make: copiedInjection },
  { id: "M26", says: "doubled, late or cut-off evidence", make: evidenceMoved, keeps: true },
];
