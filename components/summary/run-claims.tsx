"use client";

import { useMemo, useState } from "react";
import type { StreamedClaim } from "#lib/contracts/copilot-views.ts";
import { citationNumbers } from "./citation-numbers.ts";
import { ClaimItem } from "./claim-item.tsx";
import { claimOfRun } from "./claim-of-run.ts";
import { SummaryLinksProvider, useSummaryLinks } from "./summary-links.tsx";
import type { SummaryLinks } from "./summary-links.tsx";

type Props = {
  runId: string;
  claims: readonly StreamedClaim[];
  label: string;
  /** Where on this site the run's claims stand. */
  href: string;
};

/** The claims of a run that is no issued summary: read and followed like any, reviewed by nobody. */
export function RunClaims({ runId, claims, label, href }: Props) {
  const links = useSummaryLinks();
  const [active, setActive] = useState<string | null>(null);
  const shown = useMemo(() => claims.map((claim) => claimOfRun(runId, claim)), [runId, claims]);
  const numbers = useMemo(() => citationNumbers(shown), [shown]);
  const ours = useMemo<SummaryLinks>(
    () => ({
      ...links,
      canReview: false,
      claimHref: () => href,
      reportOf: links.canReport ? ({ ordinal }) => ({ runId, ordinal }) : undefined,
      onCite: (citation) => links.onCite(citation, null),
    }),
    [links, href, runId],
  );
  return (
    <SummaryLinksProvider value={ours}>
      <ol aria-label={label} className="@container/claims flex flex-col">
        {shown.map((claim) => (
          <ClaimItem
            key={claim.id}
            claim={claim}
            numbers={numbers}
            active={claim.id === active}
            onActivate={() => setActive(claim.id)}
          />
        ))}
      </ol>
    </SummaryLinksProvider>
  );
}
