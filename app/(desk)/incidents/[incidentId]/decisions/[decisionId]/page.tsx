import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { BulkReview } from "#components/decision/bulk-review.tsx";
import { StatementOpened } from "#components/decision/statement-opened.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import { parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { bulkMembers } from "#lib/queries/bulk-closure.ts";
import { readReview } from "#lib/queries/read-review.ts";
import { ReviewScreen } from "./review-screen.tsx";

export const metadata: Metadata = { title: "Review and sign" };

type Props = PageProps<"/incidents/[incidentId]/decisions/[decisionId]">;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The moment of signing: the frozen statement, what it rests on, and nothing else on the screen. */
export default async function DecisionPage({ params }: Props) {
  const person = await requirePerson("incident:read");
  const { incidentId, decisionId } = await params;
  if (!UUID.test(decisionId)) notFound();
  const [review, members] = await Promise.all([
    readReview(db(), decisionId, person.id),
    bulkMembers(db(), decisionId, person.id),
  ]);
  if (!review) notFound();
  const asked = decodeURIComponent(incidentId);
  const { id, number } = review.head;
  if (asked !== id && parseIncidentNumber(asked) !== parseIncidentNumber(number)) notFound();
  const reader = { id: person.id, name: person.name, role: person.role };
  const mayBeSigned = may(person.role, "decision:sign") && review.decision.state === "proposed";
  return (
    <>
      {mayBeSigned ? <StatementOpened decisionId={decisionId} /> : null}
      {members.length > 0 ? (
        <BulkReview person={reader} review={review} members={members} />
      ) : (
        <ReviewScreen person={reader} review={review} />
      )}
    </>
  );
}
