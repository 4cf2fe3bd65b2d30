import { Prisma } from "#lib/db/generated/client.ts";
import { INCIDENT_STATUSES, VERDICTS } from "#lib/domain/incident/incident.ts";
import type { QueueSort } from "#lib/contracts/queries.ts";
import type { QueueState, QueueTerm } from "#lib/domain/incident/queue-syntax.ts";
import type { Moment, Span } from "#lib/domain/incident/queue-time.ts";
import { refang } from "#lib/domain/evidence/refang.ts";
import { SEVERITIES, SEVERITY_RANK } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { likePattern, likeText } from "./shape.ts";

/**
 * When the clock that runs is due: to be taken, then to be judged; never, where it has stopped. Word for word as in
 * `incident_clock_idx`, or that index does not serve it.
 */
export const CLOCK_DUE = Prisma.sql`(CASE
  WHEN i.status = 'closed' THEN 'infinity' WHEN i.assignee_id IS NULL THEN i.sla_due_at
  WHEN i.verdict IS NULL THEN i.decide_due_at ELSE 'infinity'::timestamptz END)`;

const FACETS = Prisma.sql`incident_facets(i.severity, i.status, i.verdict, i.source_names)`;

/** One term of a filter over `incident i`. */
export type Condition = {
  /** Whether a row is meant; what lies in other tables is asked for this row alone. */
  plain: Prisma.Sql;
  /** The same, as an index of incidents finds them, where it is about what stands on the row. */
  indexed: Prisma.Sql | null;
  /** The ids of those that are meant, some more than once: a SELECT that ends early where it is cut off. */
  ids: Prisma.Sql | null;
  /** How many of them are worth being read, where that is less than usual. */
  most?: number;
  /** Whether few is to be expected, so that they are looked for first. */
  narrow: boolean;
  /** Whether it is about a clock that runs, which none does on what is closed. */
  clock?: true;
  /** What it says of a key of the queue's orders, so that a walk in that order begins and ends where it can hold. */
  bounds?: Partial<Record<QueueSort, Prisma.Sql>>;
};

const NONE = Prisma.sql`false`;
/** Holds the planner to asking for one row at a time; it would else read all that such rows have in common. */
const PROBE = Prisma.sql`OFFSET 0`;

/** `personId`: who `me` is. */
export function conditionOf(term: QueueTerm, personId: string | null): Condition {
  const found = ofTerm(term, personId);
  return term.not ? plain(Prisma.sql`(${found.plain}) IS NOT TRUE`) : found;
}

function ofTerm(term: QueueTerm, personId: string | null): Condition {
  switch (term.kind) {
    case "severity":
      return severities(term.values);
    case "status":
      return facet("status", term.values, Prisma.sql`i.status`);
    case "verdict":
      return facet("verdict", term.values, Prisma.sql`coalesce(i.verdict, 'none')`);
    case "assignee":
      return plain(any(term.values.map((value) => assignee(value, personId))));
    case "source":
      return sources(term.values);
    case "watch":
      return watched(personId);
    case "is":
      return states(term.values);
    case "opened":
      return during(Prisma.sql`i.opened_at`, term.values, ["opened", "age"]);
    case "active":
      return during(Prisma.sql`i.last_activity_at`, term.values, ["activity"]);
    case "number":
      return { ...plain(Prisma.sql`i.number = ANY(${term.values}::int[])`), narrow: true };
    case "observable":
      return observables(term.type, term.values);
    case "record":
      return records(term.name, term.values);
    case "text":
      return words(term.values[0] ?? "");
  }
}

/** Of what stands on the row. */
export function plain(sql: Prisma.Sql): Condition {
  return { plain: sql, indexed: sql, ids: null, narrow: false };
}

function any(conditions: readonly Prisma.Sql[]): Prisma.Sql {
  return conditions.length === 0 ? NONE : Prisma.sql`(${Prisma.join([...conditions], " OR ")})`;
}

/** Its bounds are the ranks from the lowest to the highest that is meant. */
export function severities(values: readonly Severity[]): Condition {
  const ranks = values.map((value) => SEVERITY_RANK[value]);
  const severity = Prisma.sql`i.severity_rank BETWEEN ${Math.min(...ranks)}::int AND ${Math.max(...ranks)}::int`;
  return { ...facet("severity", values, Prisma.sql`i.severity`), bounds: { severity } };
}

export function facet(name: string, values: readonly string[], column: Prisma.Sql): Condition {
  const all = ALL[name];
  const keys = values.map((value) => `${name}:${value}`);
  return {
    plain: Prisma.sql`${column} = ANY(${[...values]}::text[])`,
    // What nearly every row has narrows nothing, and reading it costs.
    indexed:
      all !== undefined && values.length * 2 > all
        ? Prisma.sql`${column} = ANY(${[...values]}::text[])`
        : Prisma.sql`${FACETS} && ${keys}::text[]`,
    ids: null,
    narrow: false,
  };
}

const ALL: Record<string, number> = {
  severity: SEVERITIES.length,
  status: INCIDENT_STATUSES.length,
  verdict: VERDICTS.length + 1,
};

function assignee(value: string, personId: string | null): Prisma.Sql {
  const word = value.toLowerCase();
  if (word === "nobody") return Prisma.sql`i.assignee_id IS NULL`;
  if (word === "me") return personId ? Prisma.sql`i.assignee_id = ${personId}::uuid` : NONE;
  const pattern = likePattern(value);
  return Prisma.sql`i.assignee_id = ANY(ARRAY(
    SELECT m.id FROM person m WHERE m.name ILIKE ${pattern} OR m.email ILIKE ${pattern} LIMIT 50))`;
}

/** Sources by a part of their names; an incident keeps the names its sources had when they brought something. */
function sources(values: readonly string[]): Condition {
  const patterns = values.map((value) => likePattern(value));
  const names = Prisma.sql`ARRAY(SELECT s.name FROM source s WHERE s.name ILIKE ANY(${patterns}::text[]) UNION SELECT unnest(${[...values]}::text[]))`;
  return {
    plain: Prisma.sql`i.source_names && ${names}`,
    indexed: Prisma.sql`${FACETS} && ARRAY(SELECT 'source:' || n FROM unnest(${names}) AS n)`,
    ids: null,
    narrow: false,
  };
}

/** At most as many as one person may watch, by the key of their watches. */
function watched(personId: string | null): Condition {
  if (personId === null) return plain(NONE);
  const ids = Prisma.sql`SELECT w.incident_id AS id FROM incident_watch w WHERE w.person_id = ${personId}::uuid`;
  return inIds(ids, true);
}

/** A clock that is due within this is due soon. */
const SOON = Prisma.sql`interval '10 minutes'`;

/** Decisions that are open now, by incident; the bulk ones by each of theirs. */
const OPEN_DECISIONS = Prisma.sql`
  SELECT d.incident_id AS id FROM decision d WHERE d.state = 'proposed' AND d.expires_at > now()
  UNION ALL SELECT m.incident_id FROM decision_incident m JOIN decision d ON d.id = m.decision_id
  WHERE d.state = 'proposed' AND d.expires_at > now()`;

function states(values: readonly QueueState[]): Condition {
  const [first] = values;
  if (values.length === 1 && first === "waiting") return inIds(OPEN_DECISIONS, true);
  const stands = any(values.map(state));
  const isOfClock = values.every((value) => value === "breached" || value === "due_soon");
  return isOfClock ? { ...plain(stands), clock: true, bounds: { sla: stands } } : plain(stands);
}

function state(value: QueueState): Prisma.Sql {
  switch (value) {
    case "breached":
      return Prisma.sql`${CLOCK_DUE} <= now()`;
    case "due_soon":
      return Prisma.sql`(${CLOCK_DUE} > now() AND ${CLOCK_DUE} <= now() + ${SOON})`;
    case "escalated":
      return Prisma.sql`i.escalated_by IS NOT NULL`;
    case "contained":
      return Prisma.sql`i.contained_by IS NOT NULL`;
    case "waiting":
      return Prisma.sql`i.id IN (${OPEN_DECISIONS})`;
  }
}

/** What waits for this person's signature by `gate.waits_for`, most urgent first; for no person, what waits for anybody's. */
export function waitingFor(personId: string | null, decisionsMax: number): Condition {
  if (personId === null) return inIds(OPEN_DECISIONS, true);
  return inIds(
    Prisma.sql`
      SELECT x.id FROM (
        SELECT d.id, d.incident_id FROM decision d
        WHERE d.state = 'proposed' AND d.expires_at > now() AND gate.waits_for(d.id, ${personId}::uuid)
        ORDER BY d.expires_at, d.id LIMIT ${decisionsMax}::int) AS w,
        LATERAL (SELECT w.incident_id AS id UNION ALL SELECT m.incident_id FROM decision_incident m WHERE m.decision_id = w.id) AS x`,
    true,
  );
}

function inIds(ids: Prisma.Sql, narrow: boolean): Condition {
  return { plain: Prisma.sql`i.id IN (${ids})`, indexed: null, ids, narrow };
}

/** Spans of one time; a single one bounds the orders by it. */
function during(
  column: Prisma.Sql,
  spans: readonly Span[],
  sorts: readonly QueueSort[],
): Condition {
  const one = spans.length === 1 && spans[0] ? within(column, spans[0]) : null;
  return {
    ...plain(any(spans.map((span) => within(column, span)))),
    ...(one && { bounds: Object.fromEntries(sorts.map((sort) => [sort, one])) }),
  };
}

function within(column: Prisma.Sql, { from, to }: Span): Prisma.Sql {
  const bounds = [
    ...(from ? [Prisma.sql`${column} >= ${moment(from)}`] : []),
    ...(to ? [Prisma.sql`${column} < ${moment(to)}`] : []),
  ];
  return Prisma.sql`(${Prisma.join(bounds, " AND ")})`;
}

function moment(value: Moment): Prisma.Sql {
  return "at" in value
    ? Prisma.sql`${value.at}::timestamptz`
    : Prisma.sql`now() - make_interval(mins => ${value.minutesAgo}::int)`;
}

/** Values of one type: as written, with an asterisk by a part, a host by its short name too. */
function observables(type: string, values: readonly string[]): Condition {
  const exact = values.filter((value) => !value.includes("*"));
  const patterns = [
    ...values.filter((value) => value.includes("*")).map(starPattern),
    ...(type === "host" ? exact.map((value) => `${likeText(value)}.%`) : []),
  ];
  const value = any([
    ...(exact.length > 0 ? [Prisma.sql`o.value = ANY(${exact}::text[])`] : []),
    ...patterns.map((pattern) => Prisma.sql`o.value LIKE ${pattern}`),
  ]);
  return {
    plain: Prisma.sql`EXISTS (SELECT FROM incident_observable o
      WHERE o.incident_id = i.id AND o.type = ${type} AND ${value} ${PROBE})`,
    indexed: null,
    ids: Prisma.join(
      [
        ...(exact.length > 0
          ? [
              Prisma.sql`SELECT o.incident_id AS id FROM incident_observable o WHERE o.type = ${type} AND o.value = ANY(${exact}::text[])`,
            ]
          : []),
        ...patterns.map(
          (pattern) =>
            Prisma.sql`SELECT o.incident_id AS id FROM incident_observable o WHERE o.type = ${type} AND o.value LIKE ${pattern}`,
        ),
      ],
      " UNION ALL ",
    ),
    narrow: false,
  };
}

function starPattern(value: string): string {
  const [, head = "", middle = "", tail = ""] = /^(\*?)\**(.*?)\**?(\*?)$/s.exec(value) ?? [];
  return `${head ? "%" : ""}${likeText(middle)}${tail ? "%" : ""}`;
}

/** A field of an alert; a number in it is also found by how it is written, and a list by each of its values. */
function records(name: string, values: readonly string[]): Condition {
  const asked = values.flatMap((value) => [
    { [name]: value },
    { [name]: [value] },
    ...(/^-?(?:0|[1-9]\d{0,14})$/.test(value) ? [{ [name]: Number(value) }] : []),
  ]);
  const says = any(asked.map((each) => Prisma.sql`e.fields @> ${JSON.stringify(each)}::jsonb`));
  return {
    plain: Prisma.sql`EXISTS (SELECT FROM evidence_item e WHERE e.incident_id = i.id AND e.kind = 'alert' AND ${says} ${PROBE})`,
    indexed: null,
    ids: Prisma.sql`SELECT e.incident_id AS id FROM evidence_item e WHERE e.kind = 'alert' AND e.incident_id IS NOT NULL AND ${says}`,
    narrow: false,
  };
}

/** Which types are looked into by any part; as in `incident_observable_part_idx`. */
const PARTS = Prisma.sql`o.type IN ('host', 'user', 'domain', 'email', 'file', 'url')`;

/** A part of the title; a value by its beginning; a name of something by any part. */
function words(text: string): Condition {
  const title = Prisma.sql`i.title ILIKE ${likePattern(text)}`;
  const value = refang(text);
  const beginning = `${likeText(value)}%`;
  const part = likePattern(value);
  const long = value.length >= PART_MIN;
  return {
    plain: Prisma.sql`(${title} OR EXISTS (SELECT FROM incident_observable o WHERE o.incident_id = i.id
      AND (o.value LIKE ${beginning}${long ? Prisma.sql` OR (${PARTS} AND o.value LIKE ${part})` : Prisma.empty}) ${PROBE}))`,
    indexed: null,
    ids: Prisma.join(
      [
        Prisma.sql`SELECT o.incident_id AS id FROM incident_observable o WHERE o.value LIKE ${beginning}`,
        ...(long
          ? [
              Prisma.sql`SELECT i.id FROM incident i WHERE ${title}`,
              Prisma.sql`SELECT o.incident_id AS id FROM incident_observable o WHERE ${PARTS} AND o.value LIKE ${part}`,
            ]
          : []),
      ],
      " UNION ALL ",
    ),
    most: WORDS_MAX,
    narrow: false,
  };
}

/** Incidents that a word may name: each is found up to three times, by three indexes. */
const WORDS_MAX = 5_000;
/** What trigrams can find. */
const PART_MIN = 3;
