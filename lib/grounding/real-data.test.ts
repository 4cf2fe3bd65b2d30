import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { EvidenceRecord, NormalRecord } from "#lib/domain/evidence/record.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { splitBody } from "#lib/connectors/sources/split.ts";
import { attachQuotes } from "./quotes.ts";
import { writeRulesSummary } from "./rules-summary.ts";
import { verifyClaims } from "./verify-claim.ts";

const DATA = resolve(process.env.COUNTERSIGN_DATA_DIR ?? "../shared/data", "security");
const here = existsSync(DATA);

/** Files of every format, each taken as one incident; then files of one scenario together. */
const FILES = [
  "sentinel-defender-xdr/*.ndjson",
  "graph-security/*.json",
  "ocsf/*.json",
  "elastic-security/*.json",
  "suricata/*.eve.json",
  "windows-sigma-regression/events.ndjson",
  "windows-evtx/*/*.ndjson",
  "windows-otrf/*.json",
  "windows-otrf/*.json.gz",
];
const TOGETHER = [
  ["sentinel-defender-xdr/SecurityAlert.ndjson", "sentinel-defender-xdr/SecurityIncident.ndjson"],
  [
    "windows-otrf/schtask_create_2020-12-1907003032.json.gz",
    "suricata/schtask_create_2020-12-1907003032.eve.json",
  ],
  [
    "windows-otrf/covenant_dcsync_dcerpc_drsuapi_DsGetNCChanges_2020-08-05020926.json.gz",
    "suricata/covenant_dcsync_dcerpc_drsuapi_DsGetNCChanges_2020-08-05020926.eve.json",
  ],
];

type Loaded = { records: EvidenceRecord[]; rawText: (id: string) => string };

describe.skipIf(!here)("the rules summary of real data", () => {
  test("is supported claim by claim, file by file", { timeout: 600_000 }, () => {
    const files = FILES.flatMap((pattern) => globSync(pattern, { cwd: DATA }).toSorted());
    expect(files.length).toBeGreaterThan(80);
    const doubts = [...files.map((f) => [f]), ...TOGETHER].flatMap((group) => judge(group));
    expect(doubts).toEqual([]);
  });
});

test.skipIf(here)("real data is not here: skipped, set COUNTERSIGN_DATA_DIR", () => {
  expect(here).toBe(false);
});

/** Writes and verifies the summary of some files; returns the claims that are not supported. */
function judge(files: string[]): string[] {
  const { records, rawText } = load(files);
  const draft = writeRulesSummary(records, { sources: [], capped: false });
  const claims = attachQuotes(draft, rawText);
  const judged = verifyClaims(claims, { records, rawText, capped: false });
  const supported = judged.filter((c) => c.standing === "supported").length;
  const lost = draft.claims.length - claims.length;
  const name = files.map((f) => basename(f)).join(" + ");
  const counts = `${claims.length} claims, ${supported} supported, ${lost} lost`;
  process.stdout.write(`${name}: ${records.length} records, ${counts}\n`);
  const doubts = judged
    .filter((c) => c.standing !== "supported")
    .map((c) => `${name}: ${c.standing}: ${c.text}`);
  return lost === 0 ? doubts : [...doubts, `${name}: ${lost} claims without a quote`];
}

function load(files: string[]): Loaded {
  const raws = new Map<string, string>();
  const records: EvidenceRecord[] = [];
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  for (const file of files) {
    const bytes = readFileSync(resolve(DATA, file));
    for (const raw of splitBody(file.endsWith(".gz") ? gunzipSync(bytes) : bytes)) {
      const read = normalise(raw.bytes, "auto");
      if (!read.ok) continue;
      const record = asEvidence(read.record, records.length + 1, basename(dirname(file)));
      raws.set(record.id, decoder.decode(raw.bytes));
      records.push(record);
    }
  }
  return { records, rawText: (id) => raws.get(id) ?? "" };
}

function asEvidence(record: NormalRecord, position: number, source: string): EvidenceRecord {
  const { kind, format, time, timeQuality, severity, title, fields, recordId, alertIds } = record;
  return {
    id: `r${position}`,
    position,
    kind,
    format,
    sourceId: source,
    sourceName: source,
    time,
    timeQuality,
    receivedAt: "2026-11-21T00:00:00.000Z",
    severity,
    title,
    fields,
    recordId,
    alertIds,
  };
}
