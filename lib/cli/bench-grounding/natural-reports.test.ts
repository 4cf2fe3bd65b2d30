import { describe, expect, test } from "vitest";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { STANDINGS } from "#lib/domain/summary/claim.ts";
import { fieldPredicates } from "./natural-predicates.ts";
import { claimKey, confusionOf, scoreReports } from "./natural-reports.ts";
import { splitReport } from "./natural-split.ts";

const REPORT = `Title: A report

EXECUTIVE SUMMARY
On June 2 the host ws-014 was used. A file a.docm was opened by jdoe. It stayed via:
• A scheduled task named upd set to run.

INCIDENT TIMELINE
2025-06-02 10:15:22 UTC
• reg.exe wrote a Run key (Alert #17 & #23).
• Alert (13): “Odd logon on a host”
– The user jdoe logged on from 10.0.0.5.

TECHNICAL ANALYSIS
1. Delivery (T1566.001)
   • Node 11: WINWORD.EXE opened the file .docm in Downloads.
Alert 13 & 0 (T1566)
– The mail carried a bad link.

AFFECTED ENTITIES
Hosts
• ws-014.corp.local is one of the hosts.
`;

describe("a report cut into claims", () => {
  const claims = splitReport(REPORT);

  test("is told by its summary, timeline and analysis alone", () => {
    expect(claims.map(({ text }) => text)).toEqual([
      "On June 2 the host ws-014 was used.",
      "A file a.docm was opened by jdoe.",
      "A scheduled task named upd set to run.",
      "2025-06-02 10:15:22 UTC: reg.exe wrote a Run key.",
      "2025-06-02 10:15:22 UTC: “Odd logon on a host”",
      "2025-06-02 10:15:22 UTC: The user jdoe logged on from 10.0.0.5.",
      "WINWORD.EXE opened the file .docm in Downloads.",
      "The mail carried a bad link.",
    ]);
  });

  test("keeps the graph numbers of the alerts it names, and shares them with dashes below", () => {
    expect(claims.map(({ nodes }) => nodes)).toEqual([
      [],
      [],
      [],
      ["17", "23"],
      ["13"],
      ["13"],
      [],
      ["13", "0"],
    ]);
  });
});

test("field predicates are the values a text holds whole, and the time it states", () => {
  const record = {
    position: 3,
    time: "2025-06-02T10:15:22.120Z",
    fields: {
      host: "ws-014.corp.local",
      user: "jdoe",
      "process.pid": 41,
      "process.name": "cmd.exe",
      "alert.description": "user jdoe",
    },
  } as unknown as EvidenceRecord;
  const text = "2025-06-02 10:15:22 UTC: jdoe ran Xcmd.exe with PID 412 on WS-014.";
  const made = fieldPredicates(text, [record]);
  expect(made.map(({ field, value, evidence }) => [field, value, evidence])).toEqual([
    ["host", "ws-014", ["E3"]],
    ["user", "jdoe", ["E3"]],
    ["time", "2025-06-02T10:15:22Z", ["E3"]],
  ]);
});

test("the confusion table and its shares, by hand", () => {
  const pairs = [
    ["supported", "supported"],
    ["supported", "contradicted"],
    ["partial", "supported"],
    ["unsupported", "unsupported"],
    ["contradicted", "partial"],
  ] as const;
  const made = confusionOf(pairs.map(([label, standing]) => ({ label, got: { standing } })));
  expect(made.n).toBe(5);
  expect(made.table.partial.supported).toBe(1);
  expect(made.agreement).toMatchObject({ hits: 2, share: 0.4 });
  expect(made.supportedPrecision).toMatchObject({ hits: 1, n: 2, share: 0.5 });
  expect(made.hardRecall).toMatchObject({ hits: 1, n: 2 });
  expect(made.hardAlarms).toMatchObject({ hits: 1, n: 2 });
  expect(confusionOf([]).supportedPrecision.share).toBeNull();
});

test("without the data there is no score but a reason", () => {
  expect(scoreReports(null)).toEqual({ data: null, reason: "there is no sample data" });
});

test("a label's key is a short digest of the claim, never its text", () => {
  expect(claimKey("a")).toBe("ca978112ca1bbdca");
  expect(STANDINGS).toHaveLength(4);
});
