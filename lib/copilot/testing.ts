import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { BuiltRequest, RequestInput } from "./build-request.ts";
import { buildRequest } from "./build-request.ts";
import { PRESETS, type ModelPreset } from "./profiles.ts";
import { LATEST } from "./prompts/published.ts";
import { selectEvidence } from "./write-evidence.ts";

/** For tests: records, claims and requests as short as they can be. */

export const FENCE = "0123456789abcdef01234567";
export const CANARY = "f00dcafef00dcafef00dcafe";

export function testRecord(position: number, over: Partial<EvidenceRecord> = {}): EvidenceRecord {
  return {
    id: `id-${position}`,
    position,
    kind: "event",
    format: "generic",
    sourceId: "s",
    sourceName: "Sysmon",
    time: "2026-03-01T02:14:07.000Z",
    timeQuality: "exact",
    receivedAt: "2026-03-01T02:15:00.000Z",
    severity: null,
    title: `record ${position}`,
    fields: {},
    ...over,
  };
}

/** A claim of a model's answer on the record E1. */
export function testClaim(text: string, over: object = {}): object {
  return {
    text,
    kind: "observation",
    polarity: "affirmed",
    citations: [{ id: "E1", quote: "four" }],
    predicates: [],
    ...over,
  };
}

export function testPreset(id = "claude-sonnet-5-5"): ModelPreset {
  const preset = PRESETS.find((one) => one.id === id);
  if (!preset) throw new Error(`no preset ${id}`);
  return preset;
}

/** A request over `records`, whose raw texts are "raw of ID" unless given. */
export function testRequest(
  records: EvidenceRecord[],
  over: Partial<RequestInput> = {},
): BuiltRequest {
  const config = over.config ?? testPreset();
  const ranked = over.ranked ?? selectEvidence(records, config);
  return buildRequest({
    kind: "summary",
    config,
    prompts: LATEST,
    records,
    ranked,
    rawTexts: new Map(ranked.map(({ id }) => [id, `raw of ${id}`])),
    withheld: 0,
    capped: false,
    redactor: { redact: (text) => text },
    fence: FENCE,
    canary: CANARY,
    ...over,
  });
}
