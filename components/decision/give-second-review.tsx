"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { RadioField, TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { giveSecondReview } from "#lib/actions/give-second-review.ts";
import { SECOND_REVIEW_WORDS_MAX } from "#lib/domain/decision/second-review.ts";
import type { SecondReviewOutcome } from "#lib/domain/decision/second-review.ts";
import { Reasons } from "./reasons.tsx";
import type { Reason } from "./reasons.tsx";

/** A lead says, once, whether what another lead decided alone was right. */
export function GiveSecondReview({ decisionId }: { decisionId: string }) {
  const [open, setOpen] = useState(false);
  const form = useReview(decisionId, () => setOpen(false));
  return (
    <FormDialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button size="sm">Give second review</Button>}
      title="Second review"
      description="Your word stays beside the decision and goes on the trail. An objection changes nothing by itself."
      submit="Give second review"
      pending={form.pending}
      onSubmit={form.submit}
    >
      {form.refused ? <Reasons title="Not given" reasons={form.refused} /> : null}
      <RadioField
        label="Was it right to decide this alone?"
        value={form.outcome}
        options={[
          { value: "upheld", label: "Uphold", hint: "It was right, and it could not wait." },
          { value: "objected", label: "Object", hint: "It was wrong, or it could have waited." },
        ]}
        error={form.errors.outcome?.[0]}
        onChange={form.setOutcome}
      />
      <TextArea
        label="Why"
        value={form.words}
        maxLength={SECOND_REVIEW_WORDS_MAX}
        error={form.errors.words?.[0]}
        onChange={(event) => form.setWords(event.target.value)}
      />
    </FormDialog>
  );
}

function useReview(decisionId: string, onDone: () => void) {
  const router = useRouter();
  const cache = useQueryClient();
  const [outcome, setOutcome] = useState<SecondReviewOutcome | null>(null);
  const [words, setWords] = useState("");
  const [errors, setErrors] = useState<Record<string, string[] | undefined>>({});
  const [refused, setRefused] = useState<Reason[] | null>(null);
  const [pending, start] = useTransition();
  const submit = () => {
    if (pending) return;
    if (outcome === null) return setErrors({ outcome: ["Uphold it or object to it."] });
    start(async () => {
      const result = await giveSecondReview({ decisionId, outcome, words });
      setErrors(result.ok ? {} : (result.fieldErrors ?? {}));
      if (!result.ok) {
        const reasons = result.reasons ?? [{ code: result.code, sentence: result.message }];
        return setRefused(result.fieldErrors ? null : reasons);
      }
      toast.done("The second review is given");
      onDone();
      void cache.invalidateQueries();
      router.refresh();
    });
  };
  return { outcome, setOutcome, words, setWords, errors, refused, pending, submit };
}
