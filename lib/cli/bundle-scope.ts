import type { Db } from "#lib/db/prisma.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import { incidentNumber, parseIncidentNumber } from "#lib/domain/incident/incident.ts";
import type { BundleScope } from "#lib/trail/bundle/manifest.ts";

/** What the operator asked for; exactly one of them, `since` and `until` together. */
export type AskedScope = {
  incident?: string;
  log?: boolean;
  since?: string;
  until?: string;
  person?: string;
  model?: string;
  prompt?: string;
};

/** Null when none or several were asked for. Throws an error whose message is a sentence when there is no such thing. */
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

/** A part of a file's name that says what is in it. */
export function scopeName(scope: BundleScope): string {
  if (scope.kind === "incident") return incidentNumber(scope.number);
  if (scope.kind === "period") return `entries-${scope.from}-${scope.to}`;
  return scope.kind;
}

async function incidentScope(db: Db, text: string): Promise<BundleScope> {
  const number = parseIncidentNumber(text);
  const found =
    number === null
      ? null
      : await db.incident.findUnique({ where: { number }, select: { id: true } });
  if (number === null || !found) throw new Error(`There is no incident ${text}.`);
  return { kind: "incident", incident: found.id, number };
}

async function periodScope(db: Db, since: string, until: string): Promise<BundleScope> {
  const [from, to] = [timeOf(since), timeOf(until)];
  const [row] = await db.$queryRaw<{ first: bigint | null; last: bigint | null }[]>`
    SELECT min(seq) AS first, max(seq) AS last FROM trail.entry WHERE at >= ${from} AND at < ${to}`;
  const { first = null, last = null } = row ?? {};
  if (first === null || last === null)
    throw new Error(`No entry was written from ${since} to before ${until}.`);
  return { kind: "period", from: Number(first), to: Number(last) };
}

/** ISO 8601; one without a zone is taken as UTC, as times on the trail are. */
function timeOf(text: string): Date {
  const isZoned = /(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isZoned || !text.includes("T") ? text : `${text}Z`);
  if (Number.isNaN(time.getTime()))
    throw new Error(`${text} is no time; write 2026-03-01T02:14:07Z.`);
  return time;
}

async function personScope(db: Db, email: string): Promise<BundleScope> {
  const found = await db.person.findUnique({ where: { email }, select: { id: true } });
  if (!found) throw new Error(`There is nobody with the address ${email}.`);
  return { kind: "person", person: found.id };
}

async function known(db: Db, scope: BundleScope, of: Prisma.Sql): Promise<BundleScope> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 AS one FROM trail.entry_model WHERE ${of} LIMIT 1`;
  const name = scope.kind === "model" ? scope.model : scope.kind === "prompt" ? scope.prompt : "";
  if (rows.length === 0)
    throw new Error(`No entry of the trail is about the ${scope.kind} ${name}.`);
  return scope;
}
