import type { Sensitivity } from "#lib/contracts/desk-inputs.ts";
import type { SourceFormat } from "#lib/domain/evidence/record.ts";

export const FORMAT_WORDS: Record<SourceFormat, string> = {
  auto: "Recognised by shape",
  ocsf: "OCSF",
  "graph-security": "Microsoft Graph security",
  sentinel: "Microsoft Sentinel",
  "windows-event": "Windows events and Sysmon",
  "suricata-eve": "Suricata EVE",
  "elastic-ecs": "Elastic, ECS",
  generic: "Generic JSON",
};

export const FORMAT_HINTS: Partial<Record<SourceFormat, string>> = {
  auto: "Each record's own shape decides.",
  generic: "The form documented in docs/api.md.",
};

export const SENSITIVITY_WORDS: Record<Sensitivity, string> = {
  clear: "TLP:CLEAR",
  green: "TLP:GREEN",
  amber: "TLP:AMBER",
  amber_strict: "TLP:AMBER+STRICT",
  red: "TLP:RED",
};

export const SENSITIVITY_HINTS: Record<Sensitivity, string> = {
  clear: "May be told to anyone.",
  green: "Within the community.",
  amber: "Within this organisation and its clients.",
  amber_strict: "Within this organisation only.",
  red: "For named people only.",
};

export function formatWords(format: string): string {
  return (FORMAT_WORDS as Record<string, string>)[format] ?? format;
}

export function sensitivityWords(sensitivity: string): string {
  return (SENSITIVITY_WORDS as Record<string, string>)[sensitivity] ?? sensitivity;
}
