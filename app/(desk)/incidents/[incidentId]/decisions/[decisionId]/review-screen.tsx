"use client";

import { DecisionReview } from "#components/decision/decision-review.tsx";
import { RecordPanel } from "#components/evidence/record-panel.tsx";
import type { ReviewView } from "#lib/contracts/review-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";

/** The review with the records that its citations open. */
export function ReviewScreen(props: { person: PersonView; review: ReviewView }) {
  return <DecisionReview {...props} Record={RecordPanel} />;
}
