import { HostileText } from "#components/marks/hostile-text.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { PersonText } from "#components/marks/voices.tsx";
import type { ClaimReviewView } from "#lib/contracts/views.ts";
import type { ReviewOutcome } from "#lib/domain/summary/claim.ts";

const OUTCOME_WORDS: Record<ReviewOutcome, string> = {
  accepted: "accepted this claim",
  disputed: "disputes this claim",
  corrected: "corrected this claim",
};

/** What people said to a claim, oldest first; the last word counts and the standing stays as it is. */
export function ClaimReviews({ reviews }: { reviews: readonly ClaimReviewView[] }) {
  if (reviews.length === 0) return null;
  return (
    <ul aria-label="Reviews" className="flex flex-col gap-2 py-1">
      {reviews.map((review, index) => (
        <li key={review.id} className={index < reviews.length - 1 ? "opacity-75" : undefined}>
          <PersonText
            name={review.person.name}
            role={review.person.role}
            when={<RelativeTime at={review.at} className="text-faint" />}
            aside={<span>{OUTCOME_WORDS[review.outcome]}</span>}
          >
            {review.replacement ? (
              <p>
                <HostileText text={review.replacement} lines />
              </p>
            ) : null}
            {review.reason ? (
              <p className={review.replacement ? "text-xs text-dim" : undefined}>
                <HostileText text={review.reason} lines />
              </p>
            ) : null}
          </PersonText>
        </li>
      ))}
    </ul>
  );
}
