"use client";

import { createContext, useContext } from "react";
import type { ReportedClaim } from "#lib/contracts/report-inputs.ts";
import type { CitationView, ClaimView } from "#lib/contracts/views.ts";

/** What a summary needs from the screen around it: where its citations lead, and who reads. */
export type SummaryLinks = {
  incidentId: string;
  incidentNumber: string; // INC-000123
  /** Whether the reader may accept, dispute and correct. */
  canReview: boolean;
  /** Brings the cited record into the thread, opens it and marks the words; null: the claim has no address. */
  onCite: (citation: CitationView, claimId: string | null) => void;
  /** Where on this site a claim stands; its place in the incident's summary when this is not given. */
  claimHref?: (claim: ClaimView) => string;
  /** Evidence ids of records with text that reads like an instruction. */
  instructionLike?: ReadonlySet<string>;
  /** Whether the reader may report what a model says. */
  canReport: boolean;
  /** How a claim is named in a report; null or left out: the reader cannot report it. */
  reportOf?: (claim: ClaimView) => ReportedClaim | null;
  /** What is known of a record without opening it (an opening is on the trail). */
  recordOf: (evidenceId: string) => { title: string; time: string | null; source: string } | null;
  /** The incident (INC-000012) to which the record of a label went by a split; null or left out: it did not. */
  wentTo?: (label: string) => string | null;
  /** Opens the record a label such as `E12` stands for. */
  onOpenLabel: (label: string) => void;
  onOpenRecord: (evidenceId: string) => void;
  /** Shows in the thread what a check counted or searched: the records of its query. */
  onShowWhere: (where: string) => void;
  onReviewed: () => void;
};

const LinksContext = createContext<SummaryLinks | null>(null);
export const SummaryLinksProvider = LinksContext.Provider;

export function useSummaryLinks(): SummaryLinks {
  const links = useContext(LinksContext);
  if (!links) throw new Error("A summary stands inside SummaryLinksProvider.");
  return links;
}
