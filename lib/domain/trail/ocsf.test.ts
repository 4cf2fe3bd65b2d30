import { expect, test } from "vitest";
import { CLOSURE_CLASSIFICATIONS } from "#lib/domain/decision/decision.ts";
import { INCIDENT_STATUSES } from "#lib/domain/incident/incident.ts";
import { ocsfFinding, type OcsfClosure, type OcsfIncident } from "./ocsf.ts";

const AT = Date.parse("2026-03-01T02:14:07Z");
const ALERT = {
  ...{ id: "a1", label: "E1", title: "Password spray", source: "Entra" },
  ...{ time: AT, receivedAt: AT + 1_000, sha256: "ab".repeat(32) },
};
const OPEN: OcsfIncident = {
  ...{ id: "i1", number: "INC-000012", title: "Spray, then success" },
  ...{ severity: "high", status: "in_progress" },
  ...{ openedAt: AT, lastActivityAt: AT + 5_000, closedAt: null },
  ...{ firstEvidenceAt: AT - 5_000, lastEvidenceAt: null },
  assignee: { id: "p1", name: "Ana" },
  evidence: { count: 7, root: "cd".repeat(32) },
  alerts: [ALERT],
  closure: null,
  techniques: [
    { id: "T1110", name: "Brute Force" },
    { id: "T1110.003", name: "Brute Force: Password Spraying" },
  ],
};
const CLOSURE: OcsfClosure = {
  ...{ decision: "d1", classification: "true_positive", determination: null },
  ...{ classificationReason: "suspicious_activity", reason: "Contained; the account was reset." },
  statementSha256: "ef".repeat(32),
  signedBy: [{ id: "p2", name: "Lea", role: "lead", assurance: "passkey", at: AT + 8_000 }],
};
const CLOSED: OcsfIncident = {
  ...OPEN,
  ...{ status: "closed", closedAt: AT + 9_000, closure: CLOSURE },
};

/** What the class (2005) and its base event require. */
const REQUIRED = [
  ...["activity_id", "category_uid", "class_uid", "finding_info_list", "metadata"],
  ...["severity_id", "status_id", "time", "type_uid"],
];

test("whatever an incident is, what the schema requires is there, in the ids that belong together", () => {
  for (const status of INCIDENT_STATUSES)
    for (const alerts of [[], [ALERT]])
      for (const assignee of [null, OPEN.assignee]) {
        const found = ocsfFinding({ ...OPEN, status, alerts, assignee });
        for (const name of REQUIRED) expect(found[name], name).toBeDefined();
        expect(found["type_uid"]).toBe(200_500 + Number(found["activity_id"]));
        expect("assignee" in found).not.toBe("assignee_group" in found);
        const list = found["finding_info_list"] as { uid: string }[];
        expect(list.length).toBeGreaterThan(0);
        expect(list.every(({ uid }) => uid !== "")).toBe(true);
      }
});

test("an open incident has no verdict, whatever people think of it", () => {
  const found = ocsfFinding(OPEN);
  expect(found).toMatchObject({ status_id: 2, severity_id: 4, activity_id: 2, time: AT + 5_000 });
  expect(Object.keys(found)).not.toContain("verdict_id");
  expect(JSON.stringify(found)).not.toContain("signed_by");
});

test("a closed one has the verdict that was signed, and who signed which statement", () => {
  const found = ocsfFinding(CLOSED);
  expect(found).toMatchObject({
    ...{ status_id: 5, activity_id: 3, time: AT + 9_000, verdict_id: 2, verdict: "True Positive" },
    comment: CLOSURE.reason,
    unmapped: {
      "countersign.statement_sha256": CLOSURE.statementSha256,
      "countersign.signed_by": [{ uid: "p2", role: "lead", assurance: "passkey" }],
    },
  });
});

test("each classification has a verdict of its own", () => {
  const ids = CLOSURE_CLASSIFICATIONS.map(
    (classification) =>
      ocsfFinding({ ...CLOSED, closure: { ...CLOSURE, classification } })["verdict_id"],
  );
  expect(ids).toEqual([2, 5, 1, 7]);
});

test("techniques and alerts go where the schema has them", () => {
  const found = ocsfFinding(OPEN);
  expect(found["attacks"]).toEqual([
    { technique: { uid: "T1110", name: "Brute Force" } },
    { sub_technique: { uid: "T1110.003", name: "Brute Force: Password Spraying" } },
  ]);
  expect(found["finding_info_list"]).toMatchObject([
    { uid: "a1", uid_alt: "E1", first_seen_time: AT, product: { name: "Entra" } },
  ]);
});
