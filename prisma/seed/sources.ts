import type { SourceFormat } from "#lib/domain/evidence/record.ts";

export type DemoSource = { name: string; format: SourceFormat; sensitivity: string };

/** The systems that report to the demo desk; the last one recognises any format. */
export const DEMO_SOURCES: readonly DemoSource[] = [
  { name: "Defender XDR", format: "graph-security", sensitivity: "amber" },
  { name: "Sentinel", format: "sentinel", sensitivity: "amber" },
  { name: "Windows events", format: "windows-event", sensitivity: "amber" },
  { name: "Elastic Security", format: "elastic-ecs", sensitivity: "amber" },
  { name: "Cloud audit", format: "ocsf", sensitivity: "amber" },
  { name: "Network sensor", format: "suricata-eve", sensitivity: "green" },
  { name: "Identity provider", format: "generic", sensitivity: "amber" },
  { name: "Hand-over", format: "auto", sensitivity: "amber" },
];

export type DemoSourceName =
  | "Defender XDR"
  | "Sentinel"
  | "Windows events"
  | "Elastic Security"
  | "Cloud audit"
  | "Network sensor"
  | "Identity provider"
  | "Hand-over";
