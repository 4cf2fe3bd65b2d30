import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { BulkReview } from "#components/decision/bulk-review.tsx";
import { DecisionReview } from "#components/decision/decision-review.tsx";
import { requirePerson } from "#lib/auth/current-person.ts";
import { db } from "#lib/boundary/data.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import { bulkMembers } from "#lib/queries/bulk-closure.ts";
import { findIncident } from "#lib/queries/find-incident.ts";
import { gateFacts } from "#lib/queries/gate-facts.ts";
import { findDecision } from "#lib/queries/list-decisions.ts";
import { listPasskeys } from "#lib/queries/list-passkeys.ts";
import { listSummaries } from "#lib/queries/list-summaries.ts";

export const metadata: Metadata = { title: "Review and sign" };

type Props = PageProps<"/incidents/[incidentId]/decisions/[decisionId]">;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The moment of signing: the frozen statement, what it rests on, and nothing else on the screen. */
export default async function DecisionPage({ params }: Props) {
  const person = await requirePerson("incident:read");
  const { incidentId, decisionId } = await params;
  if (!UUID.test(decisionId)) notFound();
  const decision = await findDecision(db(), decisionId);
  if (!decision) notFound();
  const [head, facts, summaries, passkeys, members] = await Promise.all([
    findIncident(db(), decodeURIComponent(incidentId)),
    gateFacts(db(), decision.incidentId),
    listSummaries(db(), decision.incidentId),
    listPasskeys(db(), person.id),
    bulkMembers(db(), decision.id),
  ]);
  if (!head || !facts || head.id !== decision.incidentId) notFound();
  const review = {
    person: { id: person.id, name: person.name, role: person.role },
    head,
    decision,
    statement: JSON.parse(decision.statement) as Statement,
    facts,
    passkeys: passkeys.filter(({ revokedAt }) => revokedAt === null),
  };
  if (members.length > 0) return <BulkReview {...review} members={members} />;
  return (
    <DecisionReview
      {...review}
      claims={summaries.flatMap(({ origin, generator, issuedAt, claims }) =>
        claims
          .filter((claim) => claim.front)
          .map((claim) => ({ ...claim, origin, generator, issuedAt })),
      )}
    />
  );
}
