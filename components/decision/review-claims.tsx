import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ModelText, RulesText } from "#components/marks/voices.tsx";
import type { ReviewClaim } from "./decision-review.tsx";

const REVIEW_WORDS = {
  accepted: "Accepted by",
  disputed: "Disputed by",
  corrected: "Corrected by",
};

/** The claims the decision rests on: what each says, how it stands, and the way to its evidence. */
export function ReviewClaims({
  incidentId,
  claims,
}: {
  incidentId: string;
  claims: readonly ReviewClaim[];
}) {
  const model = claims.filter((claim) => claim.origin === "model");
  const [first] = model;
  const rules = claims.filter((claim) => claim.origin === "rules");
  if (claims.length === 0) {
    return (
      <p className="text-dim">There is no summary of this incident. The evidence speaks alone.</p>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <h2 className="text-xs font-medium text-dim">The claims it rests on, as they stand now</h2>
      {first ? (
        <ModelText model={first.generator} at={first.issuedAt}>
          <Claims incidentId={incidentId} claims={model} />
        </ModelText>
      ) : null}
      {rules.length > 0 ? (
        <RulesText>
          <Claims incidentId={incidentId} claims={rules} />
        </RulesText>
      ) : null}
    </div>
  );
}

function Claims({ incidentId, claims }: { incidentId: string; claims: readonly ReviewClaim[] }) {
  return (
    <ol className="flex flex-col gap-3">
      {claims.map((claim) => {
        const [first] = claim.citations;
        const review = claim.reviews.at(-1);
        return (
          <li key={claim.id} className="flex flex-col gap-0.5">
            <p>
              <HostileText text={claim.text} />
            </p>
            <p className="flex flex-wrap items-center gap-x-3 text-xs text-dim">
              <StandingMark standing={claim.standing} />
              {review ? (
                <span className="text-accent">
                  {REVIEW_WORDS[review.outcome]} {review.person.name}
                </span>
              ) : null}
              {first?.evidenceId ? (
                <Link
                  href={`/incidents/${incidentId}?${evidenceQuery(claim.id, first)}`}
                  className="text-faint hover:text-text hover:underline"
                >
                  See the evidence
                </Link>
              ) : null}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function evidenceQuery(claimId: string, citation: ReviewClaim["citations"][number]): string {
  const { evidenceId, start, end } = citation;
  const params = new URLSearchParams({ record: evidenceId ?? "", claim: claimId });
  if (start !== null && end !== null) {
    params.set("start", String(start));
    params.set("end", String(end));
  }
  return params.toString();
}
