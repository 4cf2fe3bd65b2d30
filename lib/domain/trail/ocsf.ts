/**
 * An incident as an Incident Finding of the Open Cybersecurity Schema Framework (class 2005, profile `incident`).
 * docs/ocsf.md says which attribute comes from where. What a model wrote is not here, and what nobody signed is no verdict.
 */
import type { ClosureClassification } from "#lib/domain/decision/decision.ts";
import type { IncidentStatus } from "#lib/domain/incident/incident.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";

/** The lowest version that has every attribute used here. */
export const OCSF_VERSION = "1.5.0";

/** Times are milliseconds since 1970; digests hex. */
export type OcsfIncident = {
  id: string;
  number: string;
  title: string;
  severity: Severity;
  status: IncidentStatus;
  openedAt: number;
  lastActivityAt: number;
  closedAt: number | null;
  firstEvidenceAt: number | null;
  lastEvidenceAt: number | null;
  assignee: { id: string; name: string } | null;
  evidence: { count: number; root: string };
  alerts: OcsfAlert[];
  /** The closure in effect, with its signatures; null while it is open. */
  closure: OcsfClosure | null;
  /** Techniques that the alerts name, as ATT&CK has them. */
  techniques: { id: string; name: string }[];
};
export type OcsfAlert = {
  id: string;
  label: string;
  title: string;
  source: string;
  time: number | null;
  receivedAt: number;
  sha256: string;
};
export type OcsfClosure = {
  decision: string;
  classification: ClosureClassification;
  classificationReason: string;
  determination: string | null;
  reason: string;
  statementSha256: string;
  signedBy: { id: string; name: string; role: string; assurance: string; at: number }[];
};

const SEVERITY: Record<Severity, [id: number, caption: string]> = {
  informational: [1, "Informational"],
  low: [2, "Low"],
  medium: [3, "Medium"],
  high: [4, "High"],
  critical: [5, "Critical"],
};
const STATUS: Record<IncidentStatus, [id: number, caption: string]> = {
  new: [1, "New"],
  in_progress: [2, "In Progress"],
  on_hold: [3, "On Hold"],
  closed: [5, "Closed"],
};
/** `verdict_id` of a signed closure's classification. */
const VERDICT: Record<ClosureClassification, [id: number, caption: string]> = {
  true_positive: [2, "True Positive"],
  benign_positive: [5, "Benign"],
  false_positive: [1, "False Positive"],
  undetermined: [7, "Insufficient Data"],
};
/** `activity_id`: 1 Create, 2 Update, 3 Close. */
const ACTIVITY: Record<IncidentStatus, [id: number, caption: string]> = {
  new: [1, "Create"],
  in_progress: [2, "Update"],
  on_hold: [2, "Update"],
  closed: [3, "Close"],
};
const CATEGORY = 2;
const CLASS = 2005;

export function ocsfFinding(incident: OcsfIncident): Record<string, unknown> {
  const { closure, assignee } = incident;
  const [activity, activityName] = ACTIVITY[incident.status];
  const [severity, severityName] = SEVERITY[incident.severity];
  const [status, statusName] = STATUS[incident.status];
  return {
    activity_id: activity,
    activity_name: activityName,
    category_uid: CATEGORY,
    category_name: "Findings",
    class_uid: CLASS,
    class_name: "Incident Finding",
    type_uid: CLASS * 100 + activity,
    type_name: `Incident Finding: ${activityName}`,
    time: closure ? (incident.closedAt ?? incident.lastActivityAt) : incident.lastActivityAt,
    start_time: incident.firstEvidenceAt ?? undefined,
    end_time: incident.lastEvidenceAt ?? undefined,
    severity_id: severity,
    severity: severityName,
    status_id: status,
    status: statusName,
    ...(closure ? verdictOf(closure) : {}),
    ...(assignee
      ? { assignee: { uid: assignee.id, name: assignee.name } }
      : { assignee_group: { name: "Unassigned" } }),
    desc: incident.title,
    finding_info_list: findingsOf(incident),
    attacks: incident.techniques.map(({ id, name }) => ({
      ...(id.includes(".")
        ? { sub_technique: { uid: id, name } }
        : { technique: { uid: id, name } }),
    })),
    metadata: {
      version: OCSF_VERSION,
      uid: incident.id,
      profiles: ["incident"],
      product: { name: "Countersign", vendor_name: "Countersign" },
      original_time: new Date(incident.openedAt).toISOString(),
    },
    unmapped: {
      "countersign.incident": incident.number,
      "countersign.evidence_count": incident.evidence.count,
      "countersign.evidence_root": incident.evidence.root,
      "countersign.alerts": incident.alerts.map(({ id, sha256 }) => ({ uid: id, sha256 })),
      ...(closure ? signedOf(closure) : {}),
    },
  };
}

function verdictOf(closure: OcsfClosure): Record<string, unknown> {
  const [id, caption] = VERDICT[closure.classification];
  return { verdict_id: id, verdict: caption, comment: closure.reason };
}

/** What a verdict rests on: the statement that was signed, and who signed it. */
function signedOf(closure: OcsfClosure): Record<string, unknown> {
  return {
    "countersign.closure": closure.decision,
    "countersign.classification": closure.classification,
    "countersign.classification_reason": closure.classificationReason,
    "countersign.determination": closure.determination ?? undefined,
    "countersign.statement_sha256": closure.statementSha256,
    "countersign.signed_by": closure.signedBy.map(({ id, name, role, assurance, at }) => ({
      ...{ uid: id, name, role, assurance },
      time: at,
    })),
  };
}

/** The schema requires one at least: an incident of events alone is its own. */
function findingsOf({ alerts, id, title }: OcsfIncident): Record<string, unknown>[] {
  return alerts.length > 0 ? alerts.map(findingOf) : [{ uid: id, title }];
}

function findingOf(alert: OcsfAlert): Record<string, unknown> {
  return {
    uid: alert.id,
    uid_alt: alert.label,
    title: alert.title,
    created_time: alert.receivedAt,
    first_seen_time: alert.time ?? undefined,
    product: { name: alert.source, vendor_name: alert.source },
    data_sources: [alert.source],
  };
}
