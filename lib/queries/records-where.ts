import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
import { isFieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord, RecordFormat, RecordKind } from "#lib/domain/evidence/record.ts";
import type { TimeQuality } from "#lib/domain/evidence/record.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { parseInstant } from "#lib/grounding/instants.ts";
import { indexEvidence, selectWhere } from "#lib/grounding/evidence-index.ts";
import { parseWhere } from "#lib/grounding/query.ts";
import type { Term } from "#lib/grounding/query.ts";

/** As many records as the verifier reads of an incident; its counts are over these. */
export const WHERE_RECORDS_MAX = 50_000;

/** As much text of the asked fields as one query reads, in bytes. */
const WHERE_BYTES_MAX = 32 * 1024 * 1024;
const TOO_MUCH = "the fields it asks for hold too much text here; add a term that narrows it";

export type RecordsWhere =
  /** `positions`: ascending; null when every record matches. `capped`: later records were not looked at. */
  | { ok: true; positions: number[] | null; records: number; capped: boolean }
  | { ok: false; reason: string };

/**
 * The records of an incident for which a verifier's `where` certainly holds, by the verifier's own rules on the
 * stored normal forms. The database leaves out only what cannot match; a query that cannot be read gives its reason.
 */
export async function recordsWhere(
  db: Db,
  incidentId: string,
  where: string,
  bytesMax = WHERE_BYTES_MAX,
): Promise<RecordsWhere> {
  const parsed = parseWhere(where);
  if (!parsed.ok) return parsed;
  const { terms } = parsed;
  const incident = await db.incident.findUniqueOrThrow({
    where: { id: incidentId },
    select: { evidenceCount: true },
  });
  const read = Math.min(incident.evidenceCount, WHERE_RECORDS_MAX);
  const capped = incident.evidenceCount > read;
  if (terms.length === 0) {
    return { ok: true, positions: capped ? upTo(read) : null, records: read, capped };
  }
  const rows = await db.$queryRaw<Row[]>(candidatesSql(incidentId, terms, bytesMax));
  if (Number(rows.at(-1)?.bytes ?? 0) > bytesMax) return { ok: false, reason: TOO_MUCH };
  const selected = selectWhere(indexEvidence(rows.map(asRecord)), where);
  if (!selected.ok) return selected;
  const positions = selected.records.map(({ position }) => position);
  return { ok: true, positions, records: positions.length, capped };
}

type Row = {
  id: string;
  position: number;
  kind: RecordKind;
  format: RecordFormat;
  source: string;
  time: Date | null;
  time_quality: TimeQuality;
  severity: Severity | null;
  record_key: string | null;
  fields: Fields;
  /** Text of the asked fields up to and with this record. */
  bytes: bigint;
};

/** Only the columns and fields that the terms look at; what they do not is left null. */
function candidatesSql(incidentId: string, terms: Term[], bytesMax: number): Prisma.Sql {
  const asked = new Set(terms.map((term) => term.field));
  const only = (pseudo: string, column: Prisma.Sql) =>
    asked.has(pseudo) ? column : Prisma.sql`NULL`;
  const key = Prisma.sql`nullif(e.record_key, encode(e.raw_sha256, 'hex'))`;
  const possible = terms.map((term) => Prisma.sql`AND ${couldHold(term)}`);
  return Prisma.sql`
    SELECT * FROM (SELECT c.*, sum(octet_length(c.fields::text)) OVER (ORDER BY c.position) AS bytes FROM (
    SELECT ${only("id", Prisma.sql`e.id`)} AS id, e.position, e.kind, ${only("format", Prisma.sql`e.format`)} AS format,
           s.name AS source, ${only("time", Prisma.sql`e.time`)} AS time, e.time_quality, e.severity,
           ${only("id", key)} AS record_key, ${fieldsSql(asked)} AS fields
    FROM evidence_item e JOIN source s ON s.id = e.source_id
    WHERE e.incident_id = ${incidentId}::uuid AND e.position <= ${WHERE_RECORDS_MAX}::int
      ${Prisma.join(possible, " ")}
    ) c) b WHERE bytes - octet_length(fields::text) <= ${bytesMax}::int
    ORDER BY position`;
}

const KINDS: readonly RecordKind[] = ["alert", "event", "incident"];

/** A user is compared with the domain that other fields of the record give it. */
const BESIDE_USERS = ["user.domain", "user.email", "target.user.domain"];

/** `parseWhere` takes 40 terms: the pairs stay below the 100 arguments that Postgres passes to a function. */
function fieldsSql(asked: ReadonlySet<string>): Prisma.Sql {
  const names = [...asked].filter((name) => isFieldName(name));
  if (names.length === 0) return Prisma.sql`'{}'::jsonb`;
  const pairs = [...new Set([...names, ...BESIDE_USERS])].map(
    (name) => Prisma.sql`${name}::text, e.fields->${name}::text`,
  );
  return Prisma.sql`jsonb_strip_nulls(jsonb_build_object(${Prisma.join(pairs)}))`;
}

/** True for every record on which the term may hold, and for as few others as the database can tell. */
function couldHold({ field, op, value }: Term): Prisma.Sql {
  if (op === "unknown") return Prisma.sql`TRUE`;
  if (field === "time") {
    const limit = op === "known" ? null : parseInstant(value);
    if (!limit) return Prisma.sql`e.time IS NOT NULL`;
    const from = Prisma.sql`e.time >= to_timestamp(${limit.start / 1000}::float8)`;
    const to = Prisma.sql`e.time < to_timestamp(${limit.end / 1000}::float8)`;
    if (op === "gte") return from;
    if (op === "lte") return to;
    return op === "eq" ? Prisma.sql`${from} AND ${to}` : Prisma.sql`e.time IS NOT NULL`;
  }
  if (field === "kind" && op === "eq") {
    const kind = KINDS.find((known) => known === value.trim().toLowerCase());
    return kind ? Prisma.sql`e.kind = ${kind}` : Prisma.sql`FALSE`;
  }
  const label = field === "id" && op === "eq" ? /^E([1-9]\d{0,8})$/i.exec(value.trim()) : null;
  if (label) {
    return Prisma.sql`(e.position = ${Number(label[1])}::int OR lower(e.record_key) = ${label[0].toLowerCase()})`;
  }
  if (field === "severity") {
    return Prisma.sql`(e.severity IS NOT NULL OR jsonb_exists(e.fields, 'severity'))`;
  }
  return isFieldName(field) ? Prisma.sql`jsonb_exists(e.fields, ${field}::text)` : Prisma.sql`TRUE`;
}

function asRecord(row: Row): EvidenceRecord {
  return {
    id: row.id,
    position: row.position,
    kind: row.kind,
    format: row.format,
    sourceId: "",
    sourceName: row.source,
    time: row.time?.toISOString() ?? null,
    timeQuality: row.time_quality,
    receivedAt: "",
    severity: row.severity,
    title: "",
    fields: row.fields,
    recordId: row.record_key,
  };
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
