/** What the thread of an incident shows: plain data, all times ISO 8601 UTC. */
import type { DraftKind, RunKind } from "#lib/domain/copilot/run.ts";
import type { DecisionKind, DecisionState } from "#lib/domain/decision/decision.ts";
import type { RecordKind, TimeQuality } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
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
