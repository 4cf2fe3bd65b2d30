/** How well correlation groups real alerts, by the real ingest into empty databases. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import type { RawRecord } from "#lib/connectors/sources/split.ts";
import { splitBody } from "#lib/connectors/sources/split.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Normalise } from "#lib/commands/ingest/prepare.ts";
import { round } from "./figures.ts";
import type { Figure } from "./figures.ts";

/** An empty database for each case. */
export type MakeDatabase = () => Promise<{ web: Db; close: () => Promise<void> }>;

type Scenario = { id: string; expect: string; files: string[] };

const XDR = "sentinel-defender-xdr";
const ALERTS = `${XDR}/SecurityAlert.ndjson`;
const ROWS = `${XDR}/SecurityIncident.ndjson`;

/** What the source says of its own incidents is taken away, so that shared values alone decide. */
const withoutSourceIds: Normalise = (bytes, format) => {
  const result = normalise(bytes, format);
  return result.ok ? { ok: true, record: { ...result.record, sourceIncidentId: null } } : result;
};

/** `folder` holds the sample files by product. */
export async function correlationFigures(make: MakeDatabase, folder: string): Promise<Figure[]> {
  const figures = await pairwiseFigures(make, folder);
  for (const scenario of await scenariosOf(folder))
    figures.push(...(await sensors(make, folder, scenario)));
  return figures;
}

/** The 94 alerts of four incidents, with more and less of what their source says about them. */
export async function pairwiseFigures(make: MakeDatabase, folder: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  const cases = [
    {
      id: "xdr_values_only",
      requests: [[ALERTS]],
      read: withoutSourceIds,
      note: "alerts without the IncidentId they carry, no SecurityIncident rows",
    },
    {
      id: "xdr_without_rows",
      requests: [[ALERTS]],
      read: normalise,
      note: "alerts as sent (ExtendedProperties.IncidentId), no SecurityIncident rows",
    },
    {
      id: "xdr_with_rows",
      requests: [[ALERTS], [ROWS]],
      read: normalise,
      note: "alerts as sent, then their SecurityIncident rows",
    },
    {
      id: "xdr_rows_after_values",
      requests: [[ALERTS], [ROWS]],
      read: withoutSourceIds,
      note: "IncidentId taken away, SecurityIncident rows after the alerts",
    },
    {
      id: "xdr_values_one_by_one",
      requests: [[ALERTS]],
      read: withoutSourceIds,
      singly: true,
      note: "alerts without IncidentId, a request each, in the file's order",
    },
    {
      id: "xdr_rows_before_values",
      requests: [[ROWS], [ALERTS]],
      read: withoutSourceIds,
      note: "IncidentId taken away, SecurityIncident rows before the alerts",
    },
  ];
  for (const one of cases) figures.push(...(await pairwise(make, folder, one)));
  return figures;
}

type Pairwise = {
  id: string;
  requests: string[][];
  read: Normalise;
  note: string;
  /** Each record in a request of its own. */
  singly?: boolean;
};

/** Pairwise precision, recall and F1 over the alerts that the ground truth names. */
async function pairwise(
  make: MakeDatabase,
  folder: string,
  { id, requests, read, note, singly }: Pairwise,
): Promise<Figure[]> {
  const truth = await groundTruth(folder);
  const database = await make();
  try {
    for (const files of requests)
      await post(database.web, folder, files, { read, key: null, source: "xdr", singly });
    const rows = await database.web.evidenceItem.findMany({
      where: { kind: "alert", recordKey: { in: [...truth.keys()] } },
      select: { recordKey: true, incidentId: true },
      orderBy: { recordKey: "asc" },
    });
    const { precision, recall, f1 } = scorePairs(
      rows.map((row) => [truth.get(row.recordKey) ?? -1, row.incidentId ?? row.recordKey]),
    );
    const groups = new Set(rows.map(({ incidentId }) => incidentId)).size;
    const shared = {
      unit: "share",
      n: rows.length,
      target: null,
      holds: null,
      note: `${note}; ${groups} incidents for 4`,
    };
    return [
      { id: `${id}_precision`, value: round(precision), ...shared },
      { id: `${id}_recall`, value: round(recall), ...shared },
      { id: `${id}_f1`, value: round(f1), ...shared },
    ];
  } finally {
    await database.close();
  }
}

export function scorePairs(pairs: [truth: number, found: string][]): {
  precision: number;
  recall: number;
  f1: number;
} {
  let [both, found, real] = [0, 0, 0];
  for (const [i, [truth, group]] of pairs.entries()) {
    for (const [otherTruth, otherGroup] of pairs.slice(i + 1)) {
      if (group === otherGroup) found += 1;
      if (truth === otherTruth) real += 1;
      if (group === otherGroup && truth === otherTruth) both += 1;
    }
  }
  const precision = found === 0 ? 1 : both / found;
  const recall = real === 0 ? 1 : both / real;
  return {
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
  };
}

/** Whether the sensors of one attack end in one incident: left to correlation, and handed over under a key. */
async function sensors(
  make: MakeDatabase,
  folder: string,
  { id, files, expect }: Scenario,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const key of [null, id]) {
    const database = await make();
    try {
      const before = performance.now();
      for (const file of files) {
        const source = key === null ? (file.split("/")[0] ?? "sensor") : "siem";
        await post(database.web, folder, [file], { read: normalise, key, source });
      }
      const seconds = (performance.now() - before) / 1000;
      const incidents = await database.web.incident.findMany({
        where: { mergedIntoId: null },
        select: { sourceNames: true, evidenceCount: true },
      });
      const records = await database.web.evidenceItem.count();
      const placed = incidents.reduce((sum, { evidenceCount }) => sum + evidenceCount, 0);
      const senders = new Set(files.map((file) => file.split("/")[0])).size;
      const joined =
        key === null
          ? Math.max(0, ...incidents.map(({ sourceNames }) => sourceNames.length))
          : senders;
      figures.push({
        id: `${id}_${key === null ? "correlated" : "handed_over"}`,
        value: incidents.length,
        unit: "incidents",
        n: records,
        target: null,
        holds: null,
        note: `expected: ${expect}; ${placed} of ${records} records in incidents; ${joined} of ${senders} sensors in one; ${Math.round(records / seconds)} records/s`,
      });
    } finally {
      await database.close();
    }
  }
  return figures;
}

async function post(
  db: Db,
  folder: string,
  files: string[],
  {
    read,
    key,
    source,
    singly = false,
  }: { read: Normalise; key: string | null; source: string; singly?: boolean },
): Promise<void> {
  const known = await db.source.findUnique({
    where: { name: source },
    select: { id: true, name: true },
  });
  const sender =
    known ??
    (await db.source.create({
      data: { name: source, format: "auto" },
      select: { id: true, name: true },
    }));
  for (const file of files) {
    const all = await recordsOf(folder, file);
    for (const records of singly ? all.map((record) => [record]) : [all]) {
      await ingestRecords(db, {
        source: sender,
        format: "auto",
        incidentKey: key,
        records,
        normalise: read,
      });
    }
  }
}

async function recordsOf(folder: string, file: string): Promise<RawRecord[]> {
  const bytes = await readFile(join(folder, file));
  const body = file.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  return splitBody(body);
}

async function groundTruth(folder: string): Promise<Map<string, number>> {
  const text = await readFile(join(folder, XDR, "ground-truth/alert_to_incident.ndjson"), "utf8");
  const rows = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { SystemAlertId: string; IncidentNumber: number });
  return new Map(rows.map((row) => [row.SystemAlertId, row.IncidentNumber]));
}

/** The scenarios whose sensors write a format we read; tab-separated Zeek logs and CSV are left out. */
async function scenariosOf(folder: string): Promise<Scenario[]> {
  const all = JSON.parse(await readFile(join(folder, "SCENARIOS.json"), "utf8")) as Scenario[];
  return all
    .slice(1)
    .map((scenario) => ({
      ...scenario,
      files: scenario.files.filter((file) => !/\.(log|csv|csv\.gz)$/.test(file)),
    }))
    .filter(({ files }) => files.length > 0);
}
