import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import { currentTechnique, findTechnique } from "./attack-table.ts";
import { boundFields, fold, saidBy, type Group, isWithin } from "./bindings.ts";
import { heldFields } from "./held-fields.ts";
import { check } from "./checks.ts";
import type { CitedClaim } from "./citations.ts";
import { type Entity, isQuantity } from "./entities.ts";
import type { EvidenceIndex } from "./evidence-index.ts";
import { timeOf } from "./links.ts";
import { nearMiss, seenElsewhere } from "./lookalikes.ts";
import { timeCovers } from "./quantities.ts";
import { queryValues } from "./query.ts";
import { findValue, readRaw } from "./raw-search.ts";
import type { Reading } from "./reading.ts";

const MAX_HINTS = 5;
const MAX_RAWS = 20;
const MAX_RAW = 300_000;
const MIN_LOOSE = 12;
const MAX_LOOSE_RAW = 30_000;
const QUOTED_TIME =
  /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[\d:.]{0,16}(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?$/i;
const STAMP = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?/g;

type Scope = {
  cited: CitedClaim;
  groups: Group[];
  index: EvidenceIndex;
  rawText: (id: string) => string | null;
};

/** Every entity of the text: in the cited records, in quoted raw text, or bound by a predicate. */
export function checkPresence(reading: Reading, scope: Scope): ClaimCheck[] {
  const checks: ClaimCheck[] = [];
  let hints = 0;
  for (const entity of reading.entities) {
    if (entity.type === "time") checks.push(checkTime(entity, scope));
    else if (!isQuantity(entity.type)) {
      const result = checkOne(entity, scope, hints < MAX_HINTS);
      if (result.effect !== "supported") hints += 1;
      checks.push(result);
    }
  }
  for (const { id, name } of reading.misnamed) {
    const found = `${id} is ${findTechnique(id)?.name ?? "not in ATT&CK"}`;
    checks.push(check("technique", "unsupported", `${id} ${name}`, found));
  }
  return checks;
}

function checkOne(entity: Entity, scope: Scope, hint: boolean): ClaimCheck {
  const { cited, groups, index } = scope;
  if (entity.type === "label") return checkLabel(entity, scope);
  if (entity.type === "quote" && QUOTED_TIME.test(entity.text))
    return checkTime({ ...entity, type: "time" }, scope);
  const bound = groups.find((g) => boundFields(entity, g).length > 0);
  if (bound) {
    return check(
      "entity",
      "supported",
      entity.text,
      boundFields(entity, bound).join(", "),
      bound.records,
    );
  }
  if (entity.type === "technique" || entity.type === "tactic_id")
    return checkTechnique(entity, cited.records);
  for (const record of cited.records) {
    const fields = heldFields(entity, record);
    if (fields.length > 0)
      return check("entity", "supported", entity.text, fields.join(", "), [record]);
  }
  const said = saidBy(entity);
  for (const record of cited.records) {
    const quotes = cited.quotes.get(record.id) ?? [];
    if (quotes.some((q) => isWithin(said, fold(q)))) {
      return check("entity", "supported", entity.text, "in the quoted words", [record]);
    }
  }
  for (const record of cited.records.slice(0, MAX_RAWS)) {
    const raw = scope.rawText(record.id);
    if (raw !== null && raw.length < MAX_RAW && stands(said, entity.text, raw)) {
      return check("entity", "partial", entity.text, "in the raw text, but not quoted", [record]);
    }
  }
  const loose = looselyIn(entity, scope);
  if (loose) {
    const found = `in ${evidenceLabel(loose.position)} but for quotation marks, backslashes or blanks`;
    return check("entity", "partial", entity.text, found, [loose]);
  }
  const elsewhere = seenElsewhere(entity, index);
  if (elsewhere) {
    const found = `not in the cited records; ${evidenceLabel(elsewhere.position)} has it`;
    return check("entity", "unsupported", entity.text, found, [elsewhere]);
  }
  const near = hint ? nearMiss(entity, index) : null;
  const found = near
    ? `not in the evidence; ${near.value} is, in ${evidenceLabel(near.record.position)}`
    : "not in the evidence";
  return check("entity", "unsupported", entity.text, found, near ? [near.record] : []);
}

/**
 * The cited record that holds a quoted string of several words when letters and digits alone are
 * compared: a command line that lost its inner quotation marks is near, not absent, and not the same.
 */
function looselyIn(entity: Entity, { cited, rawText }: Scope): EvidenceRecord | null {
  if (entity.type !== "quote" || !/\S\s+\S/.test(entity.text)) return null;
  const said = lettersOf(entity.text);
  if (said.length < MIN_LOOSE) return null;
  const holds = (record: EvidenceRecord) => {
    const raw = rawText(record.id);
    return raw !== null && raw.length < MAX_LOOSE_RAW && lettersOf(raw).includes(said);
  };
  return cited.records.slice(0, MAX_RAWS).find(holds) ?? null;
}

/** JSON writes a line end as backslash and n: that letter is none of the text's. */
function lettersOf(text: string): string {
  return text
    .replace(/\\[nrt]/g, " ")
    .replace(/[^\p{L}\p{N}]+/gu, "")
    .toLowerCase();
}

function checkLabel(entity: Entity, { cited, index }: Scope): ClaimCheck {
  const label = entity.text.toUpperCase();
  const own = cited.records.find((r) => evidenceLabel(r.position) === label);
  if (own) return check("entity", "supported", entity.text, "cited", [own]);
  const found = index.byId.has(label) ? "not cited by the claim" : "not in this incident";
  return check("entity", "unsupported", entity.text, found);
}

/** A tagged technique, or the parent of one. Ids that ATT&CK does not have are nobody's. */
function checkTechnique(entity: Entity, records: EvidenceRecord[]): ClaimCheck {
  for (const record of records) {
    const fields = heldFields(entity, record);
    if (fields.length > 0)
      return check("entity", "supported", entity.text, fields.join(", "), [record]);
  }
  const technique = findTechnique(entity.text);
  if (entity.type === "technique" && !technique) {
    return check("technique", "unsupported", entity.text, "no such technique in ATT&CK");
  }
  const successor = technique?.revokedBy ? currentTechnique(entity.text)?.id : null;
  const note = successor ? `revoked; now ${successor}` : "not tagged on the cited records";
  return check("technique", "unsupported", entity.text, note, records);
}

function checkTime(entity: Entity, { cited, groups, rawText }: Scope): ClaimCheck {
  const bound = groups.find((g) => boundFields(entity, g).length > 0);
  if (bound)
    return check("time", "supported", entity.text, "the time of the predicate", bound.records);
  const times = cited.records.flatMap((record) => {
    const extra = ["event.end", "event.created"].flatMap((f) =>
      queryValues(record, f).map((v) => Date.parse(String(v))),
    );
    return [timeOf(record), ...extra].map((at) => ({ record, at }));
  });
  const hit = times.find(({ at }) => at !== null && !Number.isNaN(at) && timeCovers(entity, at));
  if (hit)
    return check("time", "supported", entity.text, new Date(hit.at ?? 0).toISOString(), [
      hit.record,
    ]);
  const told = cited.records.slice(0, MAX_RAWS).find((r) => isTimeIn(rawText(r.id), entity));
  if (told)
    return check("time", "partial", entity.text, "in the raw text, but not its time", [told]);
  const known = times.filter((t) => t.at !== null && !Number.isNaN(t.at));
  const text = known.slice(0, 3).map((t) => new Date(t.at ?? 0).toISOString());
  const ranges = groups.some((g) =>
    g.facts.some((f) => f.predicate.op === "last_seen" || f.predicate.op === "first_seen"),
  );
  if (known.length === 0 && !ranges)
    return check(
      "time",
      "unsupported",
      entity.text,
      "the cited records have no time",
      cited.records,
    );
  if (cited.records.some((r) => heldFields({ ...entity, type: "name" }, r).length > 0)) {
    return check(
      "time",
      "partial",
      entity.text,
      "only inside other text of the record",
      cited.records,
    );
  }
  const complete = cited.records.every((r) => timeOf(r) !== null);
  return check(
    "time",
    complete ? "contradicted" : "unsupported",
    entity.text,
    text.join(", ") || "another time",
    cited.records,
  );
}

/** As written, or under up to three layers of JSON escapes ("\\nGrace Chen"). */
function stands(said: string, text: string, raw: string): boolean {
  return isWithin(said, fold(raw)) || findValue(readRaw(raw), text).length > 0;
}

/** Whether the raw text spells the instant somewhere, as times of files and sessions are. */
function isTimeIn(raw: string | null, time: Entity): boolean {
  if (raw === null || raw.length > MAX_RAW) return false;
  for (const [stamp] of raw.matchAll(STAMP)) {
    const iso = stamp.replace(" ", "T");
    const at = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`);
    if (!Number.isNaN(at) && timeCovers(time, at)) return true;
  }
  return false;
}
