/** What the replay of an incident is given: plain data, all times ISO 8601 UTC. */
import type { RecordKind } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { ClaimKind, Standing } from "#lib/domain/summary/claim.ts";
import type { Replay, ReplayReview, ReplaySummary } from "#lib/domain/trail/replay.ts";

/** A place in the incident's own entries: `place` counts from 0, `count` is how many there are now. */
export type ReplayPlace = {
  place: number;
  count: number;
  seq: number;
  at: string;
  kind: string;
  actorName: string;
  actor: string;
  sentence: string;
  /** Places of the entries about decisions before and after this one; null when there is none. */
  decisionBefore: number | null;
  decisionAfter: number | null;
};

export type ReplayRecord = {
  id: string;
  label: string;
  kind: RecordKind;
  severity: Severity | null;
  title: string;
  source: string;
  time: string | null;
};

export type ReplayClaim = {
  id: string;
  ordinal: number;
  front: boolean;
  text: string;
  kind: ClaimKind;
  standing: Standing;
  labels: string[]; // of the records it cites
  reviews: ReplayReview[];
};

export type ReplaySummaryView = ReplaySummary & {
  stale: boolean;
  claims: ReplayClaim[];
  claimCount: number;
};

export type ReplayView = Omit<Replay, "summaries" | "reviews"> & {
  incident: { id: string; number: string; title: string };
  at: ReplayPlace;
  /** The worst of the alerts known by then; null while there is none. */
  severity: Severity | null;
  alertCount: number;
  records: ReplayRecord[]; // the newest by position, at most `REPLAY_RECORDS`
  summaries: ReplaySummaryView[];
  /** True when the incident has more entries than are read for one place: the oldest are left out. */
  cut: boolean;
};
