import type { NormalRecord, SentFormat, SourceFormat } from "#lib/domain/evidence/record.ts";
import { detectFormat, looksLike } from "./detect.ts";
import { normaliseElasticEcs } from "./elastic-ecs.ts";
import { normaliseGeneric } from "./generic.ts";
import { normaliseGraphSecurity } from "./graph-security.ts";
import { normaliseOcsf } from "./ocsf.ts";
import { parseRecord } from "./record-json.ts";
import { normaliseSentinel } from "./sentinel.ts";
import { normaliseSuricataEve } from "./suricata-eve.ts";
import { unwrap } from "./unwrap.ts";
import type { Obj } from "./values.ts";
import { normaliseWindowsEvent } from "./windows-event.ts";

export type Normalised = { ok: true; record: NormalRecord } | { ok: false; reason: string };

const NORMALISERS: Record<SentFormat, (o: Obj, now?: Date) => NormalRecord> = {
  ocsf: normaliseOcsf,
  "graph-security": normaliseGraphSecurity,
  sentinel: normaliseSentinel,
  "windows-event": normaliseWindowsEvent,
  "suricata-eve": normaliseSuricataEve,
  "elastic-ecs": normaliseElasticEcs,
  generic: normaliseGeneric,
};

/**
 * One record's bytes in normal form. `format` is the source's setting; a record that does not look
 * like it is recognised by its shape instead, and an unknown shape is kept as a generic event.
 * Refused, with a reason: what is not a JSON object and what breaks a limit. Never throws.
 * `now` dates spellings without a year (default: the present).
 */
export function normalise(bytes: Uint8Array, format: SourceFormat, now?: Date): Normalised {
  const parsed = parseRecord(bytes);
  if (!parsed.ok) return parsed;
  const inner = unwrap(parsed.value);
  const actual = format !== "auto" && looksLike(inner, format) ? format : detectFormat(inner);
  return { ok: true, record: NORMALISERS[actual](inner, now) };
}
