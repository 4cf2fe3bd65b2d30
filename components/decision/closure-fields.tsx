"use client";

import { RadioField } from "#components/ui/field.tsx";
import { SelectField } from "#components/ui/select.tsx";
import {
  CLOSURE_CLASSIFICATIONS,
  CLOSURE_REASONS,
  DETERMINATIONS,
} from "#lib/domain/decision/decision.ts";
import type { ClosureClassification, Determination } from "#lib/domain/decision/decision.ts";
import {
  CLASSIFICATION_WORDS,
  classificationReasonWords,
  DETERMINATION_WORDS,
} from "#lib/domain/decision/words.ts";

export type ClosureDraft = {
  classification: ClosureClassification | null;
  classificationReason: string | null;
  determination: Determination | null;
};

const NONE = "none";

type Props = {
  draft: ClosureDraft;
  onChange: (draft: ClosureDraft) => void;
  errors: Record<string, string[] | undefined>;
};

/** Microsoft Sentinel's classification and reason, Defender's determination. */
export function ClosureFields({ draft, onChange, errors }: Props) {
  const reasons = draft.classification ? CLOSURE_REASONS[draft.classification] : [];
  return (
    <>
      <RadioField
        label="Classification"
        value={draft.classification}
        options={CLOSURE_CLASSIFICATIONS.map((value) => ({
          value,
          label: CLASSIFICATION_WORDS[value],
          hint: HINTS[value],
        }))}
        error={errors.classification?.[0]}
        onChange={(classification) =>
          onChange({
            ...draft,
            classification,
            classificationReason: CLOSURE_REASONS[classification][0],
          })
        }
      />
      {reasons.length > 1 ? (
        <RadioField
          label="Reason of the classification"
          value={draft.classificationReason}
          options={reasons.map((value) => ({ value, label: classificationReasonWords(value) }))}
          error={errors.classificationReason?.[0]}
          onChange={(classificationReason) => onChange({ ...draft, classificationReason })}
        />
      ) : null}
      <SelectField
        label="Determination"
        optional
        value={draft.determination ?? NONE}
        options={[
          { value: NONE, label: "Not stated" },
          ...DETERMINATIONS.map((value) => ({ value, label: DETERMINATION_WORDS[value] })),
        ]}
        onChange={(value) =>
          onChange({ ...draft, determination: value === NONE ? null : (value as Determination) })
        }
      />
    </>
  );
}

const HINTS: Record<ClosureClassification, string> = {
  true_positive: "It happened, and it was hostile: suspicious activity.",
  benign_positive: "It happened, and it was meant to: suspicious but expected.",
  false_positive: "It did not happen as alerted: the logic or the data was wrong.",
  undetermined: "The evidence does not settle it.",
};
