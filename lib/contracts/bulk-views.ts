/** What screens are given about closing several incidents together: plain data. */
import type { IncidentFacts } from "#lib/domain/decision/decision.ts";
import type { Requirement } from "#lib/domain/decision/policy.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";

export type BulkMember = {
  id: string;
  number: string;
  title: string;
  severity: Severity;
  unsettledClaims: IncidentFacts["unsettledClaims"];
};

/** Before it is proposed: what each would bring, and why some cannot be among them. */
export type BulkPreview = {
  members: (BulkMember & { reasons: { code: string; sentence: string }[] })[];
  /** What the policy asks of all of them together; null: nobody may. */
  policy: Requirement | null;
};

/** One that a statement lists, and whether it is still as it was then. */
export type BulkMemberNow = BulkMember & {
  status: IncidentStatus;
  changed: boolean;
  /** Records its claims cite that the reader has not opened; 0 where the policy does not ask for it. */
  notOpened: number;
};

/** `more`: there are further ones than may be closed together. */
export type MatchingIncidents = { ids: string[]; more: boolean };
