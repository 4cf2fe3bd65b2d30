/**
 * ExCyTIn's four incidents as stored evidence, with the alert each node of its graphs stands for.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Evidence } from "#lib/grounding/verify-claim.ts";
import { EXCYTIN_SIDES, type Side } from "./split.ts";

export type NaturalIncident = {
  number: number;
  side: Side;
  evidence: Evidence & { records: EvidenceRecord[] };
  /** Raw text by label (`E12`), as the cited record was sent. */
  raws: Map<string, string>;
  /** From the id of an alert's node in the graph to the label of its record. */
  labels: Map<string, string>;
};

type Line = { text: string; value: Record<string, unknown> };

/** What `folder` (grounding/excytin of the sample data) lacks, or null when it is whole. */
export function missingData(folder: string | null, files: string[] = []): string | null {
  if (folder === null) return "there is no sample data";
  const numbers = Object.keys(EXCYTIN_SIDES);
  const needed = ["alerts.jsonl", "incidents.jsonl", ...numbers.map((n) => `graph_${n}.json`)];
  const missing = [...needed, ...files].filter((name) => !existsSync(join(folder, name)));
  return missing.length > 0 ? `not in ${folder}: ${missing.join(", ")}` : null;
}

/** The alerts of each incident in the order of its alert list, then the incident's own record. */
export function loadNaturalIncidents(folder: string): NaturalIncident[] {
  const alerts = new Map(
    readLines(join(folder, "alerts.jsonl")).map((line) => [
      String(line.value["SystemAlertId"]),
      line,
    ]),
  );
  const incidents = readLines(join(folder, "incidents.jsonl"));
  return Object.entries(EXCYTIN_SIDES).map(([number, side]) => {
    const own = incidents.filter(({ value }) => String(value["IncidentNumber"]) === number);
    const ids = own.flatMap(({ value }) => listOf(value["AlertIds"]));
    const members = ids.flatMap((id) => alerts.get(id) ?? []);
    const made = toEvidence(number, [...members, ...own]);
    const nodes = alertNodes(join(folder, `graph_${number}.json`));
    const known = [...nodes].flatMap(([node, id]) => {
      const at = members.findIndex(({ value }) => value["SystemAlertId"] === id);
      return at < 0 ? [] : [[node, `E${at + 1}`] as const];
    });
    return { number: Number(number), side, ...made, labels: new Map(known) };
  });
}

export function readLines(path: string): Line[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((text) => ({ text, value: JSON.parse(text) as Line["value"] }));
}

function toEvidence(number: string, lines: Line[]): Pick<NaturalIncident, "evidence" | "raws"> {
  const raws = new Map<string, string>();
  const records = lines.map(({ text }, at): EvidenceRecord => {
    const read = normalise(new TextEncoder().encode(text), "sentinel");
    if (!read.ok) throw new Error(`excytin/${number}, line ${at + 1}: ${read.reason}`);
    const position = at + 1;
    raws.set(`E${position}`, text);
    return {
      ...read.record,
      id: `excytin/${number}#${position}`,
      position,
      sourceId: "excytin",
      sourceName: "excytin",
      receivedAt: read.record.time ?? "",
    };
  });
  const byId = new Map(records.map(({ id, position }) => [id, raws.get(`E${position}`) ?? null]));
  const rawText = (id: string) => byId.get(id) ?? null;
  return { evidence: { records, rawText, capped: false }, raws };
}

function alertNodes(path: string): Map<string, string> {
  const graph = JSON.parse(readFileSync(path, "utf8")) as {
    nodes: { id: string; type: string; entry?: { SystemAlertId?: string } }[];
  };
  return new Map(
    graph.nodes.flatMap(({ id, type, entry }) =>
      type === "alert" && entry?.SystemAlertId ? [[id, entry.SystemAlertId]] : [],
    ),
  );
}

function listOf(value: unknown): string[] {
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return Array.isArray(list) ? list.map(String) : [];
}
