"use client";

import { useState, useTransition } from "react";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { Notice } from "#components/ui/states.tsx";
import { reviewClaim } from "#lib/actions/review-claim.ts";
import { reached } from "#lib/browser/reached.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { ClaimView } from "#lib/contracts/views.ts";

type Props = {
  claim: ClaimView;
  outcome: "disputed" | "corrected";
  onClose: () => void;
  onReviewed: () => void;
};
type Errors = Partial<Record<"reason" | "replacement" | "form", string>>;

/** A dispute needs its reason; a correction also what the claim should have said. */
export function ReviewDialog(props: Props) {
  const { claim, outcome, onClose } = props;
  const review = useReview(props);
  const correcting = outcome === "corrected";
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={correcting ? "Correct the claim" : "Dispute the claim"}
      description="Your word is kept beside the claim and goes on the trail. The machine's standing stays as it is."
      submit={correcting ? "Correct claim" : "Dispute claim"}
      pending={review.pending}
      onSubmit={review.submit}
    >
      <div className="rounded-control bg-sunken px-3 py-2">
        <HostileText text={claim.text} />
        <div className="mt-1 text-xs text-dim">
          <StandingMark standing={claim.standing} />
        </div>
      </div>
      <Fields review={review} correcting={correcting} />
    </FormDialog>
  );
}

type FieldsProps = { review: ReturnType<typeof useReview>; correcting: boolean };

function Fields({ review, correcting }: FieldsProps) {
  const { reason, replacement, errors } = review;
  return (
    <>
      {correcting ? (
        <TextArea
          label="What it should say"
          value={replacement}
          maxLength={TEXT_LIMITS.replacement}
          error={errors.replacement}
          autoFocus
          onChange={(event) => review.setReplacement(event.target.value)}
        />
      ) : null}
      <TextArea
        label="Reason"
        value={reason}
        maxLength={TEXT_LIMITS.reason}
        error={errors.reason}
        autoFocus={!correcting}
        hint="What in the evidence speaks against it"
        onChange={(event) => review.setReason(event.target.value)}
      />
      {errors.form ? <Notice tone="danger">{errors.form}</Notice> : null}
    </>
  );
}

function useReview({ claim, outcome, onClose, onReviewed }: Props) {
  const [reason, setReason] = useState("");
  const [replacement, setReplacement] = useState(claim.text);
  const [errors, setErrors] = useState<Errors>({});
  const [pending, start] = useTransition();
  const submit = () => {
    if (pending) return;
    start(async () => {
      const input = { claimId: claim.id, reason };
      const result = await reached(
        reviewClaim(
          outcome === "corrected"
            ? { ...input, outcome, replacement }
            : { ...input, outcome: "disputed" },
        ),
      );
      if (!result.ok) {
        setErrors(errorsOf(result));
        return;
      }
      onReviewed();
      onClose();
    });
  };
  return { reason, setReason, replacement, setReplacement, errors, pending, submit };
}

function errorsOf(refusal: { message: string; fieldErrors?: Record<string, string[]> }): Errors {
  const { reason, replacement } = refusal.fieldErrors ?? {};
  if (!reason && !replacement) return { form: refusal.message };
  return { reason: reason?.[0], replacement: replacement?.[0] };
}
