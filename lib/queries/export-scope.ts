import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import { Problem } from "#lib/domain/problem.ts";
import type { BundleScope } from "#lib/trail/bundle/manifest.ts";
import { scopeCondition } from "./bundle-content.ts";
import { trailSize } from "./trail-rows.ts";

/** What was asked for; exactly one of them, `since` and `until` together. A person by address or by id. */
export type AskedScope = {
  incident?: string;
  log?: boolean;
  since?: string;
  until?: string;
  person?: string;
  model?: string;
  prompt?: string;
};

/** Null when none or several were asked for. Throws Problem 404 or 400 when there is no such thing. */
export async function scopeOf(db: Db, asked: AskedScope): Promise<BundleScope | null> {
  const { incident, log, since, until, person, model, prompt } = asked;
  const isPeriod = since !== undefined || until !== undefined;
  if ([incident, log, person, model, prompt].filter(Boolean).length + Number(isPeriod) !== 1)
    return null;
  if (incident) return incidentScope(db, incident);
  if (isPeriod) return since && until ? periodScope(db, since, until) : null;
  if (person) return personScope(db, person);
  if (model) return known(db, { kind: "model", model }, Prisma.sql`model = ${model}`);
  if (prompt) return known(db, { kind: "prompt", prompt }, Prisma.sql`prompt = ${prompt}`);
  return { kind: "log" };
}

type Asked = Omit<AskedScope, "log"> & { kind: string };

/** What a form asked for. Throws Problem 404 or 400 when there is no such thing. */
export async function scopeOfInput(db: Db, { kind, ...asked }: Asked): Promise<BundleScope> {
  const scope = await scopeOf(db, kind === "log" ? { log: true } : asked);
  if (!scope) throw new Problem("scope_invalid", 400, "Choose what of the trail it is about.");
  return scope;
}

/** What an export of this would hold now. */
export async function estimateExport(
  db: Db,
  asked: Asked,
): Promise<{ entries: number; incidents: number }> {
  const [scope, end] = await Promise.all([scopeOfInput(db, asked), trailSize(db)]);
  const count = (of: "entries" | "incidents") => countScope(db, { scope, end, of });
  const [entries, incidents] = await Promise.all([count("entries"), count("incidents")]);
  return { entries, incidents };
}

/** How many entries a scope holds below `end`; with "incidents", of how many incidents they are. */
export async function countScope(
  db: Db,
  { scope, end, of }: { scope: BundleScope; end: number; of: "entries" | "incidents" },
): Promise<number> {
  const what = of === "entries" ? Prisma.sql`*` : Prisma.sql`DISTINCT e.incident_id`;
  const [row] = await db.$queryRaw<{ count: bigint }[]>`
    SELECT count(${what}) AS count FROM trail.entry e WHERE ${scopeCondition(scope)} AND e.seq < ${end}::bigint`;
  return Number(row?.count ?? 0);
}

/** A part of a file's name that says what is in it. */
export function scopeName(scope: BundleScope): string {
  if (scope.kind === "incident") return incidentNumber(scope.number);
  if (scope.kind === "period") return `entries-${scope.from}-${scope.to}`;
  return scope.kind;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const INT_MAX = 2_147_483_647;

function nothing(sentence: string): Problem {
  return new Problem("scope_empty", 404, sentence);
}

async function incidentScope(db: Db, text: string): Promise<BundleScope> {
  const number = parseIncidentNumber(text);
  const found =
    number === null || number > INT_MAX
      ? null
      : await db.incident.findUnique({ where: { number }, select: { id: true } });
  if (number === null || !found) throw nothing(`There is no incident ${text}.`);
  return { kind: "incident", incident: found.id, number };
}

async function periodScope(db: Db, since: string, until: string): Promise<BundleScope> {
  const [from, to] = [timeOf(since), timeOf(until)];
  const [row] = await db.$queryRaw<{ first: bigint | null; last: bigint | null }[]>`
    SELECT min(seq) AS first, max(seq) AS last FROM trail.entry WHERE at >= ${from} AND at < ${to}`;
  const { first = null, last = null } = row ?? {};
  if (first === null || last === null)
    throw nothing(`No entry was written from ${since} to before ${until}.`);
  return { kind: "period", from: Number(first), to: Number(last) };
}

/** ISO 8601; one without a zone is taken as UTC, as times on the trail are. */
function timeOf(text: string): Date {
  const isZoned = /(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isZoned || !text.includes("T") ? text : `${text}Z`);
  if (Number.isNaN(time.getTime()))
    throw new Problem("time_invalid", 400, `${text} is no time; write 2026-03-01T02:14:07Z.`);
  return time;
}

async function personScope(db: Db, named: string): Promise<BundleScope> {
  const where = UUID.test(named) ? { id: named } : { email: named };
  const found = await db.person.findUnique({ where, select: { id: true } });
  if (!found) throw nothing(`There is nobody who is called ${named}.`);
  return { kind: "person", person: found.id };
}

async function known(db: Db, scope: BundleScope, of: Prisma.Sql): Promise<BundleScope> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS one FROM trail.entry_model WHERE ${of} LIMIT 1`;
  const name = scope.kind === "model" ? scope.model : scope.kind === "prompt" ? scope.prompt : "";
  if (rows.length === 0) throw nothing(`No entry of the trail is about the ${scope.kind} ${name}.`);
  return scope;
}
