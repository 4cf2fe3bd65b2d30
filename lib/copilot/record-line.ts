import {
  FIELD_TRUST,
  type FieldName,
  type FieldValue,
  isFieldName,
} from "#lib/domain/evidence/fields.ts";
import { evidenceLabel, type EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { canonicalJson } from "./canonical-json.ts";
import { cutRedacted } from "./redaction/cut.ts";
import { countHidden, modelText, withoutHidden } from "./visible.ts";

/** Replaces what must not leave in one text; `field` says whose value it is. */
export type Redact = (text: string, field?: FieldName) => string;

const TRUSTED_MAX = 256;
const UNTRUSTED_MAX = 512;
const RAW_MAX = 900;
const LIST_MAX = 20;
/** Of a longer raw text only so much of either end is read: far more than is shown, so that no secret is cut in two. */
const RAW_WINDOW = 16_000;

/**
 * One record as a model gets it: canonical JSON on one line. What an attacker could have written stands apart. An
 * alert has its source's title; an event's title is ours, made of its fields, and says nothing that they do not.
 */
export function recordLine(record: EvidenceRecord, raw: string | null, redact: Redact): string {
  const fields: Record<string, unknown> = {};
  const untrusted: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record.fields)) {
    if (value === undefined || !isFieldName(name)) continue;
    if (FIELD_TRUST[name] === "attacker")
      untrusted[name] = valueFor(value, UNTRUSTED_MAX, (text) => redact(text, name));
    else fields[name] = valueFor(value, TRUSTED_MAX, (text) => redact(text, name));
  }
  const isEvent = record.kind === "event";
  const hidden = raw === null ? 0 : countHidden(raw);
  return canonicalJson({
    id: evidenceLabel(record.position),
    kind: record.kind,
    time: record.time,
    source: textFor(record.sourceName, TRUSTED_MAX, redact),
    severity: record.severity,
    title: isEvent ? undefined : textFor(record.title, TRUSTED_MAX, redact),
    fields,
    untrusted,
    raw: raw === null ? null : rawFor(raw, redact),
    hidden_characters: hidden === 0 ? undefined : hidden,
  });
}

/** Text as a model may see it, at most `max` characters of it: what hides named, what must not leave replaced. */
export function textFor(text: string, max: number, redact: (text: string) => string): string {
  return cutRedacted(modelText(text, redact), max);
}

/** What of a raw text is read for a request, as the redactor will be given it: to be searched for secrets. */
export function rawWindows(raw: string): string[] {
  return windowsOf(raw).map(withoutHidden);
}

function valueFor(value: FieldValue, max: number, redact: (text: string) => string): unknown {
  if (typeof value === "number") return value;
  if (typeof value === "string") return textFor(value, max, redact);
  return value.slice(0, LIST_MAX).map((item) => textFor(item, max, redact));
}

function rawFor(raw: string, redact: Redact): string {
  const shown = windowsOf(raw).map((window) => modelText(window, redact));
  return cutRedacted(shown.join(""), RAW_MAX);
}

function windowsOf(raw: string): string[] {
  if (raw.length <= 2 * RAW_WINDOW) return [raw];
  return [raw.slice(0, RAW_WINDOW), raw.slice(-RAW_WINDOW)];
}
