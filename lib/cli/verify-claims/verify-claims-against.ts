import { hash } from "node:crypto";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import type { EvidenceRecord, RecordFormat, SourceFormat } from "#lib/domain/evidence/record.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { ClaimCheck, DraftClaim, Standing, VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { verifyClaims, VERIFIER_VERSION } from "#lib/grounding/verify-claim.ts";
import { type GivenClaim, readValue } from "./read-claims.ts";
import { isLabel, ownIds, RecordNames } from "./record-names.ts";

/**
 * One record as it was sent, with the number that claims cite it by (`E` and the number). `error` says
 * why the bytes could not be cut into a record; its number is then nobody's.
 */
export type GivenEvent = { number: number; source: string; raw: Uint8Array; error?: string };

export type VerifyOptions = {
  /** What a source would be set to; a record that does not look like it is recognised by its shape. */
  format?: SourceFormat;
  /** There are more records than these: absence and exact totals then stay open. */
  capped?: boolean;
  /** Dates spellings of a time that have no year. */
  now?: Date;
};

export type ReadEvents = {
  formats: Partial<Record<RecordFormat, number>>;
  refused: { number: number; reason: string }[];
  /** The same record again: counted once, as ingest does. `of` is the number it has. */
  duplicates: { number: number; of: number }[];
};

/** A citation as the claim gives it, and where it leads: UTF-16 offsets into the record's text. */
export type JudgedCitation = {
  id: string;
  quote: string;
  evidence: string | null;
  start: number | null;
  end: number | null;
};

export type JudgedClaim = Omit<DraftClaim, "citations"> & {
  number: number;
  standing: Standing;
  checks: ClaimCheck[];
  citations: JudgedCitation[];
  /** Words of the text that no check covers; offsets are UTF-16, `end` is exclusive. */
  uncovered: { start: number; end: number; text: string }[];
};

export type RefusedClaim = { number: number; standing: null; refused: string };

export type ClaimsVerdict = {
  /** The version of the rules that judged. */
  verifier: string;
  events: ReadEvents & { records: number };
  claims: (JudgedClaim | RefusedClaim)[];
  totals: Record<Standing | "claims" | "refused", number>;
};

/**
 * Judges claims about events that are in no database, by the rules of the product: what
 * `npm run verify:claims` does, as a function. Reads nothing, writes nothing, asks no clock unless a
 * time has no year and `now` is not given. Never throws on content.
 *
 * `events` are records in any ingest format, as `numberEvents` or a file gives them. `claims` is the
 * model's answer (`{claims: [...]}`), a list of claims, or one claim; an item that is none is refused by
 * name. A citation's `id` is `E` and the record's number, or the source's own id of the record.
 */
export function verifyClaimsAgainst(
  events: Iterable<GivenEvent>,
  claims: unknown,
  options: VerifyOptions = {},
): ClaimsVerdict {
  const read = readValue(claims);
  const given = read.ok ? read.claims : [{ number: 1, ok: false as const, reason: read.reason }];
  return verifyGiven(events, given, options);
}

/** Values, or texts of records, numbered from 1 in their order. */
export function numberEvents(events: Iterable<unknown>, source = "events"): GivenEvent[] {
  const encoder = new TextEncoder();
  return [...events].map((event, at) => {
    const raw = typeof event === "string" ? event : (JSON.stringify(event) ?? "");
    return { number: at + 1, source, raw: encoder.encode(raw) };
  });
}

/** The same over claims that were read one by one. */
export function verifyGiven(
  events: Iterable<GivenEvent>,
  given: GivenClaim[],
  { format = "auto", capped = false, now = new Date() }: VerifyOptions = {},
): ClaimsVerdict {
  const incident = takeIn(events, format, now);
  const sound = given.flatMap((item) => (item.ok ? item.claim : []));
  const label = labeller(sound, incident);
  const judged = verifyClaims(
    sound.map((claim) => citeByNumber(claim, label)),
    { records: incident.records, rawText: lazyText(incident.bytes), capped },
  );
  const rest = judged[Symbol.iterator]();
  const claims = given.map((item): JudgedClaim | RefusedClaim => {
    const claim = item.ok ? rest.next().value : undefined;
    if (item.ok && claim) return report(item.number, item.claim, claim);
    return { number: item.number, standing: null, refused: item.ok ? "" : item.reason };
  });
  const { formats, refused, duplicates, records } = incident;
  return {
    verifier: VERIFIER_VERSION,
    events: { records: records.length, formats, refused, duplicates },
    claims,
    totals: totalsOf(claims),
  };
}

type Incident = ReadEvents & {
  records: EvidenceRecord[];
  names: RecordNames;
  /** The record's bytes by label. */
  bytes: Map<string, Uint8Array>;
};

function takeIn(events: Iterable<GivenEvent>, format: SourceFormat, now: Date): Incident {
  const seen = new Map<string, { number: number; digest: string }>();
  const incident: Incident = {
    formats: {},
    refused: [],
    duplicates: [],
    records: [],
    names: new RecordNames(),
    bytes: new Map(),
  };
  for (const { number, source, raw, error } of events) {
    const label = evidenceLabel(number);
    const normal = error === undefined ? normalise(raw, format, now) : error;
    if (typeof normal === "string" || !normal.ok) {
      const reason = typeof normal === "string" ? normal : normal.reason;
      incident.refused.push({ number, reason });
      continue;
    }
    const { record } = normal;
    const digest = hash("sha256", raw);
    const key = `${source}\u0000${record.recordId || digest}`;
    const known = seen.get(key);
    if (known && known.digest !== digest) {
      const reason = `it has the id of E${known.number}, but other content`;
      incident.refused.push({ number, reason });
      continue;
    }
    if (known) {
      incident.duplicates.push({ number, of: known.number });
      incident.names.same(label, evidenceLabel(known.number));
      continue;
    }
    seen.set(key, { number, digest });
    incident.bytes.set(label, raw);
    incident.formats[record.format] = (incident.formats[record.format] ?? 0) + 1;
    incident.records.push({
      id: label,
      position: number,
      kind: record.kind,
      format: record.format,
      sourceId: source,
      sourceName: source,
      time: record.time,
      timeQuality: record.timeQuality,
      receivedAt: now.toISOString(),
      severity: record.severity,
      title: record.title,
      fields: record.fields,
      recordId: record.recordId,
      alertIds: record.alertIds,
    });
    incident.names.add(record.recordId, label);
  }
  return incident;
}

/** Records are decoded when a claim first asks for their text. */
function lazyText(bytes: Map<string, Uint8Array>): (id: string) => string | null {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const texts = new Map<string, string>();
  return (id) => {
    const raw = bytes.get(id);
    if (!raw) return null;
    const text = texts.get(id) ?? decoder.decode(raw);
    texts.set(id, text);
    return text;
  };
}

/** From an id of a claim to the label of its record. Records' texts are searched only when ids ask for it. */
function labeller(claims: DraftClaim[], { names, bytes }: Incident) {
  const ids = claims.flatMap((claim) => [
    ...claim.citations.map(({ id }) => id),
    ...claim.predicates.flatMap(({ evidence }) => evidence),
  ]);
  if (ids.some((id) => !isLabel(id) && names.find(id) === null)) {
    for (const [label, raw] of bytes) {
      for (const id of ownIds(raw)) names.add(id, label);
    }
  }
  return (id: string) => names.find(id) ?? id;
}

function citeByNumber(claim: DraftClaim, label: (id: string) => string): DraftClaim {
  return {
    ...claim,
    citations: claim.citations.map(({ id, quote }) => ({ id: label(id), quote })),
    predicates: claim.predicates.map((predicate) => ({
      ...predicate,
      evidence: predicate.evidence.map(label),
    })),
  };
}

function report(number: number, said: DraftClaim, judged: VerifiedClaim): JudgedClaim {
  return {
    number,
    standing: judged.standing,
    text: said.text,
    kind: said.kind,
    polarity: said.polarity,
    checks: judged.checks,
    citations: said.citations.map(({ id, quote }, at) => {
      const place = judged.resolved[at];
      return {
        id,
        quote,
        evidence: place?.evidenceId ?? null,
        start: place?.start ?? null,
        end: place?.end ?? null,
      };
    }),
    predicates: said.predicates,
    uncovered: judged.uncovered.map(([start, end]) => ({
      start,
      end,
      text: said.text.slice(start, end),
    })),
  };
}

function totalsOf(claims: ClaimsVerdict["claims"]): ClaimsVerdict["totals"] {
  const totals = {
    claims: claims.length,
    supported: 0,
    partial: 0,
    unsupported: 0,
    contradicted: 0,
    refused: 0,
  };
  for (const { standing } of claims) totals[standing ?? "refused"] += 1;
  return totals;
}
