/** What the thread of an incident shows: plain data, all times ISO 8601 UTC. */
import type { DraftKind, RunKind } from "#lib/domain/copilot/run.ts";
import type { DecisionKind, DecisionState } from "#lib/domain/decision/decision.ts";
import type { RecordKind, TimeQuality } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { Outline } from "#lib/domain/thread/thread-rows.ts";
import type { PersonView } from "./views.ts";

/** One line of the thread. `seek` orders the thread and is its keyset cursor. */
export type ThreadEntry =
  | {
      type: "record";
      seek: string;
      id: string; // evidence id
      position: number; // E12
      kind: RecordKind;
      time: string | null;
      timeQuality: TimeQuality;
      receivedAt: string;
      severity: Severity | null;
      title: string;
      source: string;
      host: string | null;
      user: string | null;
      /** It holds text that reads like an instruction to its reader. */
      instructionLike: boolean;
    }
  | {
      type: "note";
      seek: string;
      id: string;
      time: string;
      person: PersonView;
      text: string;
      noteKind: DraftKind;
      /** The model's draft it was made of; `edited`: its words are not the draft's. */
      draft: { runId: string; model: string; edited: boolean } | null;
      /** With it the incident was handed over; `to` null: to nobody yet. */
      handover: { to: string | null } | null;
      /** The number of the incident it was written in, where that was merged into this one. */
      mergedFrom: number | null;
    }
  | {
      type: "run";
      seek: string;
      id: string;
      time: string;
      runKind: RunKind;
      model: string;
      state: string;
      error: string | null;
    }
  | {
      type: "decision";
      seek: string;
      id: string;
      time: string;
      kind: DecisionKind;
      state: DecisionState;
      breakGlass: boolean;
      by: PersonView;
    }
  | {
      type: "sign_off";
      seek: string;
      id: string;
      time: string;
      decisionId: string;
      kind: DecisionKind;
      outcome: "approved" | "rejected";
      breakGlass: boolean;
      by: PersonView;
    };

/** Filters of the thread; all optional. */
export type ThreadFilter = {
  kinds?: string[];
  sources?: string[];
  severity?: Severity;
  q?: string;
  /** A verifier's query; "" is every record. See docs/grounding.md. */
  where?: string;
  /** An observable that records name: `user:svc-backup`. */
  entity?: string;
  /** ISO times: from the first on, and before the second. */
  from?: string;
  to?: string;
  /** Only what the team has pinned. */
  pinned?: boolean;
};

export type RecordEntry = Extract<ThreadEntry, { type: "record" }>;
export type ActEntry = Exclude<ThreadEntry, { type: "record" }>;

/** The whole of a thread under its filters, by place; what the lines say is asked for as they come into view. */
export type ThreadOutline = Omit<Outline, "acts"> & {
  acts: readonly { before: number; entry: ActEntry }[];
  /** How many records match; when `capped`, the first of those there are. */
  records: number;
  capped: boolean;
  /** Of the acts only the newest are told. */
  actsCapped: boolean;
  where: ThreadWhere | null;
  /** The record the reader came for, when it is in this incident. */
  around: { evidenceId: string; position: number } | null;
  /** What the first lines on the screen say. */
  rows: readonly RecordEntry[];
};

export type ThreadPage = {
  entries: ThreadEntry[];
  nextCursor: string | null;
  previousCursor: string | null;
  /** What `where` came to; null when none was given. One that cannot be read filters nothing. */
  where: ThreadWhere | null;
};

export type ThreadWhere =
  /** `records`: for how many it holds. `capped`: only the first records of the incident were looked at. */
  { ok: true; records: number; capped: boolean } | { ok: false; reason: string };

/** A record that the team keeps in sight. */
export type PinView = { record: RecordEntry; by: PersonView; at: string };
