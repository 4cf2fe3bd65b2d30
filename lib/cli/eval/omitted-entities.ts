/** Which entities of high and critical alerts the rules summary names, by ExCyTIn's own graphs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { loadNaturalIncidents } from "../bench-grounding/natural-incident.ts";
import type { NaturalIncident } from "../bench-grounding/natural-incident.ts";
import { supportedClaims } from "./rules-of.ts";

export type EntityCoverage = {
  incidents: number;
  /** Entities the graphs join to a high or critical alert. */
  entities: number;
  /** Those that the normal form of such an alert has: the rest a summary of records cannot know. */
  known: number;
  named: number;
};

type Graph = {
  nodes: { id: string; type: string; value?: string }[];
  edges: { source: string | number; target: string | number }[];
};

/** Over the incidents that have such alerts; `folder` is ExCyTIn's. */
export function entityCoverage(folder: string): EntityCoverage {
  const total: EntityCoverage = { incidents: 0, entities: 0, known: 0, named: 0 };
  for (const incident of loadNaturalIncidents(folder)) {
    const graph = readGraph(join(folder, `graph_${incident.number}.json`));
    const alerts = highAlerts(incident);
    if (alerts.size === 0) continue;
    const values = entitiesOf(graph, alerts);
    const spelled = new Set([...alerts.values()].flatMap(({ fields }) => spellings(fields)));
    const known = values.filter((value) => spelled.has(value));
    const { records, rawText } = incident.evidence;
    const claims = supportedClaims({ records, rawText: (id) => rawText(id) ?? "" });
    const told = claims.map(({ text }) => text.toLowerCase()).join("\n");
    total.incidents += 1;
    total.entities += values.length;
    total.known += known.length;
    total.named += known.filter((value) => told.includes(value)).length;
  }
  return total;
}

/** The high and critical alerts by their node in the graph. */
function highAlerts({ evidence, labels }: NaturalIncident): Map<string, EvidenceRecord> {
  const byLabel = new Map(evidence.records.map((record) => [`E${record.position}`, record]));
  return new Map(
    [...labels].flatMap(([node, label]) => {
      const record = byLabel.get(label);
      const isHigh = record?.severity === "high" || record?.severity === "critical";
      return record && isHigh ? [[node, record] as const] : [];
    }),
  );
}

function entitiesOf({ nodes, edges }: Graph, alerts: Map<string, EvidenceRecord>): string[] {
  const near = new Set<string>();
  for (const edge of edges) {
    const [source, target] = [String(edge.source), String(edge.target)];
    if (alerts.has(source)) near.add(target);
    if (alerts.has(target)) near.add(source);
  }
  return nodes.flatMap(({ id, type, value }) =>
    type === "entity" && value && near.has(id) ? [value.toLowerCase()] : [],
  );
}

/** The values of all fields, with the name at the end of a path and the short name of a host or account. */
function spellings(fields: EvidenceRecord["fields"]): string[] {
  const values = Object.values(fields).flat();
  return values.flatMap((value) => {
    const whole = String(value).toLowerCase();
    const name = whole.slice(Math.max(whole.lastIndexOf("\\"), whole.lastIndexOf("/")) + 1);
    return [whole, name, whole.split(/[.@]/, 1)[0] ?? whole];
  });
}

function readGraph(path: string): Graph {
  return JSON.parse(readFileSync(path, "utf8")) as Graph;
}
