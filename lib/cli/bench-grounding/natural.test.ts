import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { citeNames, heldNowhere, markedIn, quoteOf, shapedIn, toSource } from "./natural-cite.ts";
import { loadNaturalIncidents, missingData } from "./natural-incident.ts";
import { naturalClaims, readSentences, scoreSlips, scoreStandings } from "./natural.ts";
import type { Standing } from "#lib/domain/summary/claim.ts";

describe("what a sentence names", () => {
  test("is first what it marks, longest first", () => {
    const text = "The process `a.exe` (PID `88`) ran “net user x” twice.";
    expect(markedIn(text)).toEqual(["net user x", "a.exe", "88"]);
  });

  test("is else its words with a digit or a mark inside", () => {
    expect(shapedIn("At 10:15 the host ws-014 ran reg.exe for corp\\jdoe.")).toEqual([
      "corp\\jdoe",
      "reg.exe",
      "ws-014",
      "10:15",
    ]);
  });
});

describe("a quote", () => {
  const raw =
    '{"Host":"WS-014","Path":"C:\\\\Temp\\\\a.exe","ProcessId": "88","At":"2024-06-20 09:00:01"}';
  const source = toSource("E1", raw);

  test("is the record's own spelling, whole", () => {
    expect(quoteOf(source, "ws-014")).toContain("WS-014");
    expect(quoteOf(source, "ws-01")).toBeNull();
  });

  test("finds what JSON escapes, and a time with a T", () => {
    expect(quoteOf(source, "c:\\temp\\a.exe")).toBe("C:\\\\Temp\\\\a.exe");
    expect(quoteOf(source, "2024-06-20t09:00:01")).toBe("2024-06-20 09:00:01");
  });

  test("of a short number is a whole value, with its key", () => {
    expect(quoteOf(source, "88")).toContain('"ProcessId": "88"');
    expect(quoteOf(source, "20")).toBeNull();
  });

  test("is told from a marked value that no record holds in any spelling", () => {
    const text = "`C:\\Temp\\a.exe` on `WS-014` at `2024-06-20t09:00:01` beside `ws-015`.";
    expect(heldNowhere(text, [source])).toEqual(["ws-015"]);
  });

  test("is verbatim and at least four characters", () => {
    for (const { quote } of citeNames(["88", "ws-014", "a.exe"], [source])) {
      expect(raw).toContain(quote);
      expect(quote.length).toBeGreaterThanOrEqual(4);
    }
  });
});

test("unsupported and contradicted together are the hard rate", () => {
  const standings = ["partial", "unsupported", "contradicted", "supported"] as const;
  const score = scoreStandings(standings.map((standing) => ({ standing })));
  expect(score.hard).toMatchObject({ hits: 2, n: 4, share: 0.5 });
  expect(score.standings).toEqual({ supported: 1, partial: 1, unsupported: 1, contradicted: 1 });
});

test("a slip of the author is told apart from an alarm, on dev alone", () => {
  const pair = (id: string, side: "dev" | "held-out", standing: Standing) => ({
    asked: { id, side },
    got: { standing },
  });
  const pairs = [
    pair("5/1/1", "dev", "unsupported"),
    pair("5/1/2", "dev", "contradicted"),
    pair("5/2/1", "dev", "partial"),
    pair("34/1/1", "held-out", "unsupported"),
  ];
  const { slips, alarms } = scoreSlips(pairs, new Set(["5/1/1", "5/2/1", "34/1/1"]));
  expect(slips).toBe(1);
  expect(alarms).toMatchObject({ hits: 1, n: 3 });
});

describe("a small data set in ExCyTIn's shape", () => {
  let folder = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "natural-"));
    const alert = (id: string, host: string) => ({
      SystemAlertId: id,
      DisplayName: `Odd logon on ${host}`,
      AlertName: `Odd logon on ${host}`,
      AlertSeverity: "High",
      ProviderName: "MDATP",
      VendorName: "Example",
      TimeGenerated: "2025-03-04 10:20:00+00:00",
      StartTime: "2025-03-04 10:15:22+00:00",
      EndTime: "2025-03-04 10:16:00+00:00",
      Entities: [{ $id: "1", HostName: host, Type: "host" }],
    });
    const lines = (values: unknown[]) => values.map((v) => `${JSON.stringify(v)}\n`).join("");
    const alerts = [alert("id-a", "ws-014"), alert("id-b", "ws-015"), alert("id-z", "ws-099")];
    writeFileSync(join(folder, "alerts.jsonl"), lines(alerts));
    const own = { IncidentNumber: "5", Title: "T", AlertIds: ["id-b", "id-a"], Severity: "High" };
    writeFileSync(join(folder, "incidents.jsonl"), lines([own]));
    for (const number of [5, 34, 38, 134]) {
      const nodes =
        number === 5
          ? [
              { id: "0", type: "alert", entry: { SystemAlertId: "id-a" } },
              { id: "3", type: "entity", value: "x" },
              { id: "7", type: "alert", entry: { SystemAlertId: "id-b" } },
            ]
          : [];
      writeFileSync(join(folder, `graph_${number}.json`), JSON.stringify({ nodes, edges: [] }));
    }
    const asked = {
      incident: 5,
      solution: ["The host `ws-014` was used.", "Then `ws-015` was."],
      shortest_alert_path: [0, 3, 7],
    };
    writeFileSync(join(folder, "qa.jsonl"), lines([asked]));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("gives each alert of an incident the label of its place in the alert list", () => {
    const [five] = loadNaturalIncidents(folder);
    expect(five?.labels).toEqual(
      new Map([
        ["0", "E2"],
        ["7", "E1"],
      ]),
    );
    expect(five?.evidence.records.map(({ kind }) => kind)).toEqual(["alert", "alert", "incident"]);
    expect(five?.raws.get("E2")).toContain("ws-014");
  });

  test("cites the alerts of the path that hold what the sentence marks, without predicates", () => {
    const claims = readSentences(folder, loadNaturalIncidents(folder), "path");
    expect(claims.map(({ id }) => id)).toEqual(["5/1/1", "5/1/2"]);
    expect(claims.map(({ claim }) => claim.citations.map(({ id }) => id))).toEqual([
      ["E2"],
      ["E1"],
    ]);
    expect(claims[0]?.claim.predicates).toEqual([]);
  });

  test("cites by the strict rule only the alert at the sentence's place", () => {
    const claims = readSentences(folder, loadNaturalIncidents(folder), "own");
    expect(claims.map(({ claim }) => claim.citations.map(({ id }) => id))).toEqual([
      ["E2"],
      ["E1"],
    ]);
  });

  test("scores both sides, and says why when a file is missing", () => {
    const score = naturalClaims(folder);
    expect(score.reason).toBeNull();
    if (score.data === null) return;
    expect(score.dev.sentences).toBe(2);
    expect(score.heldOut.sentences).toBe(0);
    expect(missingData(folder, ["report_5.txt"])).toContain("report_5.txt");
    expect(naturalClaims(null)).toEqual({ data: null, reason: "there is no sample data" });
  });
});
