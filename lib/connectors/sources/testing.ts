import { observableKey } from "#lib/domain/evidence/record.ts";
import type { NormalRecord, SourceFormat } from "#lib/domain/evidence/record.ts";
import { normalise } from "./normalise.ts";

/** When the records were taken in. */
export const NOW = new Date("2026-03-02T08:00:00Z");

/** A value, or the text of one, in normal form; throws with the reason when it is refused. */
export function read(value: unknown, format: SourceFormat = "auto"): NormalRecord {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const result = normalise(new TextEncoder().encode(text), format, NOW);
  if (!result.ok) throw new Error(result.reason);
  return result.record;
}

export const keys = (record: NormalRecord): string[] => record.observables.map(observableKey);
