/** What screens are given of reports: plain data, all times ISO 8601 UTC. */
import type { ReportKind, ReportOutcome } from "#lib/domain/copilot/report.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import type { PersonView } from "./views.ts";

export type ReportView = {
  id: string;
  kind: ReportKind;
  /** What the reporter wrote; null for who may not read incidents. */
  text: string | null;
  at: string;
  person: PersonView;
  /** Null for who may not read incidents. */
  incident: { id: string; number: string; title: string } | null;
  /** What the model said; no text for who may not read incidents. */
  claim: { id: string | null; text: string | null; standing: Standing };
  /** Who said it, and when. */
  model: string;
  saidAt: string;
  runId: string | null;
  resolution: ResolutionView | null;
};

export type ResolutionView = {
  outcome: ReportOutcome;
  text: string;
  at: string;
  person: PersonView;
};

export type ReportPage = { reports: ReportView[]; nextCursor: string | null; openCount: number };
