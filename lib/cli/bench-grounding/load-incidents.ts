/** Sample files, the four ExCyTIn incidents and the demo night as incidents of stored records. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceRecord, NormalRecord, SourceFormat } from "#lib/domain/evidence/record.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { cutBody } from "#lib/connectors/sources/split.ts";
import { NIGHT } from "#prisma/seed/night/all-night.ts";
import { windowsEvents } from "../bench/events.ts";
import { readSampleFiles } from "../eval/sample-files.ts";
import type { SampleFile } from "../eval/sample-files.ts";
import type { BenchIncident } from "./bench-claim.ts";
import { EXCYTIN_SIDES, incidentOf, sideOf } from "./split.ts";

/** Years are guessed from, and the night begins at, the same moment on every run. */
const NOW = new Date("2026-11-20T22:00:00.000Z");
const GENERATED = 400;
/** The alerts of the four ExCyTIn incidents once more, in one file: they would fall on one side. */
const EXCYTIN_AGAIN = /^sentinel-defender-xdr\//;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

type Part = { bytes: Uint8Array; format: SourceFormat; source: string };

/**
 * Every incident of the demo night and, with `folder` (the one that holds `security` and
 * `grounding`), of the sample data. Of an incident with more than `cap` records the first of each
 * file are taken in turn, until there are `cap`; they keep the order of the files.
 */
export async function loadIncidents(folder: string | null, cap: number): Promise<BenchIncident[]> {
  const night = NIGHT.map(({ name, requests }) => {
    const parts = requests(NOW).map(({ source, body }): Part => ({
      bytes: new TextEncoder().encode(body),
      format: "auto",
      source,
    }));
    return incident(`night/${name}`, "dev", parts, cap);
  });
  const own = [...night, generatedIncident(GENERATED)];
  if (folder === null) return own;
  return [...own, ...(await sampleIncidents(folder, cap)), ...excytin(folder, cap)];
}

/** Made-up Windows events of forty hosts as one incident; the side is `dev`, since we wrote them. */
export function generatedIncident(events: number): BenchIncident {
  const bytes = Buffer.concat(windowsEvents(events, NOW));
  const part: Part = { bytes, format: "windows-event", source: "generated" };
  return incident(`generated/${events} events`, "dev", [part], events);
}

async function sampleIncidents(folder: string, cap: number): Promise<BenchIncident[]> {
  const files = await readSampleFiles(join(folder, "security"), false);
  const order = (file: SampleFile) => (file.group === "named" ? 0 : 1);
  const byIncident = new Map<string, SampleFile[]>();
  for (const file of files.toSorted((a, b) => order(a) - order(b))) {
    if (EXCYTIN_AGAIN.test(file.path)) continue;
    const id = incidentOf(file.path);
    byIncident.set(id, [...(byIncident.get(id) ?? []), file]);
  }
  return [...byIncident].flatMap(([id, parts]) => {
    const made = incident(
      `sample/${id}`,
      sideOf(id),
      parts.map(({ bytes, format, path }) => ({
        bytes,
        format,
        source: path.split("/")[0] ?? path,
      })),
      cap,
    );
    return made.records.length > 0 ? [made] : [];
  });
}

/** Alerts of one incident each; the side is fixed by hand. */
function excytin(folder: string, cap: number): BenchIncident[] {
  const path = join(folder, "grounding", "excytin");
  if (!existsSync(join(path, "alerts.jsonl"))) return [];
  const alerts = readLines(join(path, "alerts.jsonl"));
  const incidents = readLines(join(path, "incidents.jsonl"));
  const ids = new Map(alerts.map((line) => [idOf(line), line]));
  return Object.entries(EXCYTIN_SIDES).map(([number, side]) => {
    const own = incidents.filter(({ value }) => String(value["IncidentNumber"]) === number);
    const members = own.flatMap(({ value }) => listOf(value["AlertIds"]));
    const lines = [...members.flatMap((id) => ids.get(id) ?? []), ...own];
    const text = lines.map(({ text: line }) => line).join("\n");
    const part = {
      bytes: new TextEncoder().encode(text),
      format: "auto",
      source: "excytin",
    } as const;
    return incident(`excytin/${number}`, side, [part], cap);
  });
}

type Line = { text: string; value: Record<string, unknown> };

function readLines(path: string): Line[] {
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.map((text) => ({ text, value: JSON.parse(text) as Line["value"] }));
}

function idOf({ value }: Line): string {
  return String(value["SystemAlertId"]);
}

function listOf(value: unknown): string[] {
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return Array.isArray(list) ? list.map(String) : [];
}

function incident(
  id: string,
  side: BenchIncident["side"],
  parts: Part[],
  cap: number,
): BenchIncident {
  const read = parts.map((part) => readPart(part, Math.max(cap, 20_000)));
  const total = read.reduce((n, { records }) => n + records.length, 0);
  const share = read.map(() => 0);
  for (let left = Math.min(cap, total); left > 0;) {
    for (const [at, { records }] of read.entries()) {
      if (left === 0 || (share[at] ?? 0) >= records.length) continue;
      share[at] = (share[at] ?? 0) + 1;
      left -= 1;
    }
  }
  const raws = new Map<string, string>();
  const records: EvidenceRecord[] = [];
  for (const [at, part] of read.entries()) {
    for (const { record, raw } of part.records.slice(0, share[at])) {
      const evidence = asEvidence(
        record,
        `${id}#${records.length + 1}`,
        records.length + 1,
        part.source,
      );
      raws.set(evidence.id, raw);
      records.push(evidence);
    }
  }
  return { id, side, records, raws, total };
}

/** The first records of a part that can be read, and how many there are to cut. */
function readPart({ bytes, format, source }: Part, cap: number) {
  const records: { record: NormalRecord; raw: string }[] = [];
  let count = 0;
  for (const raw of cutBody(bytes)) {
    if (raw.error !== undefined) continue;
    count += 1;
    if (records.length >= cap) continue;
    const read = normalise(raw.bytes, format, NOW);
    if (read.ok) records.push({ record: read.record, raw: decoder.decode(raw.bytes) });
  }
  return { records, source, count };
}

function asEvidence(
  record: NormalRecord,
  id: string,
  position: number,
  source: string,
): EvidenceRecord {
  const { kind, format, time, timeQuality, severity, title, fields, recordId, alertIds } = record;
  const shared = { kind, format, time, timeQuality, severity, title, fields, recordId, alertIds };
  const receivedAt = NOW.toISOString();
  return { ...shared, id, position, sourceId: source, sourceName: source, receivedAt };
}
