"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { RadioField, TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SECOND_REVIEW_WORDS_MAX } from "#lib/domain/decision/second-review.ts";
import { Reasons } from "./reasons.tsx";
import { ReviewSignature } from "./review-signature.tsx";
import { useSecondReview } from "./use-second-review.ts";

/** A lead says, once, whether what another lead decided alone was right, and signs it. */
export function GiveSecondReview({ decisionId }: { decisionId: string }) {
  const [open, setOpen] = useState(false);
  const form = useSecondReview(decisionId, () => setOpen(false));
  const { shown } = form;
  return (
    <FormDialog
      open={open}
      size={shown ? "lg" : undefined}
      onOpenChange={(next) => {
        setOpen(next);
        form.back();
      }}
      trigger={<Button size="sm">Give second review</Button>}
      title="Second review"
      description="Your word stays beside the decision and goes on the trail. An objection changes nothing by itself."
      submit={shown ? form.verb : "Show what is signed"}
      pending={form.pending}
      blocked={shown !== null && !form.maySign}
      onSubmit={shown ? form.sign : form.show}
    >
      {form.refused ? <Reasons title="Not given" reasons={form.refused} /> : null}
      {shown ? (
        <ReviewSignature shown={shown} form={form} />
      ) : (
        <>
          <RadioField
            label="Was it right to decide this alone?"
            value={form.outcome}
            options={[
              { value: "upheld", label: "Uphold", hint: "It was right, and it could not wait." },
              {
                value: "objected",
                label: "Object",
                hint: "It was wrong, or it could have waited.",
              },
            ]}
            error={form.errors.outcome?.[0]}
            onChange={form.setOutcome}
          />
          <TextArea
            label="Why"
            value={form.words}
            maxLength={SECOND_REVIEW_WORDS_MAX}
            error={form.errors.words?.[0]}
            hint="Part of the statement that is signed"
            onChange={(event) => form.setWords(event.target.value)}
          />
        </>
      )}
    </FormDialog>
  );
}
