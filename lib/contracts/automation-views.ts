/** What screens are given about what runs by itself. Times are ISO 8601, digests hex. */
import type {
  AutomationReason,
  AutomationRule,
  AutomationRuling,
  AutomationValues,
} from "#lib/domain/decision/automation.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

type PersonOf = { name: string; role: Role };

export type AutomationStopView = {
  id: string;
  scope: "global" | "incident_type" | "incident";
  incidentType: string | null;
  incident: { id: string; number: string } | null;
  reason: string;
  /** Null: by itself, over doubt. */
  by: PersonOf | null;
  at: string;
};

export type AutomationVersionView = {
  version: number;
  rules: AutomationRule[];
  doubtPercent: number;
  reason: string;
  /** Null: the first rules, which came with the product. */
  by: PersonOf | null;
  at: string;
  statement: string;
  statementSha256: string;
  signers: (PersonOf & { id: string; at: string })[];
  /** Different admins who must sign. */
  needed: number;
  /** Lets more run by itself than the rules it follows; null: from before that was asked. */
  weakens: boolean | null;
  /** When it takes effect or took it; null: signatures are missing. */
  effectiveAt: string | null;
  /** Its rows are word for word its statement; if not, nothing runs by itself under it. */
  isAsSigned: boolean;
};

export type AutomationPageView = {
  inForce: AutomationVersionView | null;
  /** Written down, and not yet signed by enough or waiting for their time; newest first, at most five. */
  drafts: AutomationVersionView[];
  /** Those that hold, newest first, at most a hundred. */
  stops: AutomationStopView[];
  stopCount: number;
  /** How often each action ran within the last hour. */
  lastHour: { action: string; count: number }[];
};

type LogBase = { id: string; at: string; incident: { id: string; number: string } | null };
export type AutomationLogItem = LogBase &
  (
    | {
        kind: "act";
        action: string;
        target: string;
        outcome: string;
        detail: string | null;
        /** What was sent to a system; null: nothing was. */
        run: { id: string } | null;
        values: AutomationValues;
        valuesSha256: string;
      }
    | {
        kind: "refusal";
        action: string;
        target: string;
        reasons: AutomationReason[];
        values: AutomationValues;
      }
    | { kind: "stop"; reason: string; where: string; by: PersonOf | null }
    | { kind: "lift"; reason: string; where: string; by: PersonOf }
  );
export type AutomationLogPage = { items: AutomationLogItem[]; nextCursor: string | null };

/** Of one incident: what ran, what did not, what stops it; newest first. */
export type IncidentAutomationView = {
  acts: Extract<AutomationLogItem, { kind: "act" }>[];
  refusals: Extract<AutomationLogItem, { kind: "refusal" }>[];
  stops: AutomationStopView[];
};

/** What rules would have let run over the incidents opened within the last seven days. */
export type AutomationPreview = {
  incidents: number;
  /** More than these were opened, and were not looked at. */
  capped: boolean;
  actions: { action: string; count: number; incidents: number }[];
  /** The newest, at most twenty. The system is told to who may read incidents. */
  examples: {
    number: string;
    action: string;
    target: string | null;
    confidence: AutomationRuling["confidence"];
    rule: number;
  }[];
};
