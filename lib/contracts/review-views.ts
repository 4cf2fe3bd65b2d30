import type { IncidentFacts } from "#lib/domain/decision/decision.ts";
import type { RecordKind } from "#lib/domain/evidence/record.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";
import type { TakeView } from "./inbox.ts";
import type { PasskeyView } from "./passkey-view.ts";
import type { DecisionView, IncidentHead, SummaryView } from "./views.ts";

/** What a signer is shown beside the statement. Times are ISO 8601 UTC. */
export type ReviewView = {
  head: IncidentHead;
  decision: DecisionView;
  facts: IncidentFacts;
  summaries: SummaryView[];
  /** The reader's own, that may sign. */
  passkeys: PasskeyView[];
  /** Who has taken it from the inbox. */
  take: TakeView | null;
  records: CitedRecordView[];
  changes: DecisionChangesView;
  targets: TargetView[];
};

/** A record that the claims on the screen cite, and which of the reader and the signers opened it, and when first. */
export type CitedRecordView = {
  evidenceId: string;
  label: string; // E12
  kind: RecordKind;
  title: string;
  opened: { personId: string; name: string; at: string }[];
};

/** What happened to the incident after the statement was frozen. */
export type DecisionChangesView = {
  /** Alerts first, at most `RECORDS_SHOWN`; and how many in all. */
  records: { evidenceId: string; label: string; kind: RecordKind; title: string }[];
  recordCount: number;
  /** Entries of the trail, oldest first, at most `ENTRIES_SHOWN`. */
  entries: {
    seq: number;
    at: string;
    who: string;
    sentence: string;
    /** Claims that it says something of, with the standing it moved where it moved one. */
    claims: { id: string; from: Standing | null; to: Standing | null }[];
  }[];
};

/** What the desk's evidence knows of a target: nothing here is an inventory of what depends on it. */
export type TargetView = {
  /** The action it is the target of, counted from 0. */
  action: number;
  type: string;
  value: string;
  /** Records of this incident that name it; 0: its evidence does not know it. */
  count: number;
  lastAt: string | null;
  /** Hosts and accounts named in the same records, most often first, at most eight. */
  beside: { type: string; value: string; count: number }[];
  /** Records in which it logged on as a service (Windows logon type 5). */
  asService: number;
  /** Other incidents that name it, counted up to a hundred, and how many of them are not closed. */
  otherCount: number;
  openCount: number;
  /** Those that are not closed first, at most five. */
  others: { id: string; number: string; status: IncidentStatus; severity: Severity }[];
};
