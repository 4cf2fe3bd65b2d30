import type { Fact, Group } from "./bindings.ts";
import type { Edge } from "./edges.ts";
import type { Entity } from "./entities.ts";
import { parseInstant } from "./instants.ts";
import { timeOf } from "./links.ts";
import { timeCovers } from "./quantities.ts";

/** How far "5 MB" may be from the bytes that were counted. */
const BYTES_SLACK = 0.04;

/** The time fields by which a group covers a time: of the right end, when the text says which. */
export function timeFields(entity: Entity, group: Group, edge: Edge | null): string[] {
  const found: string[] = [];
  const shut = edge && { first: "last_seen", last: "first_seen" }[edge];
  for (const { predicate, outcome } of group.facts) {
    if ((predicate.op === "first_seen" || predicate.op === "last_seen") && predicate.op !== shut) {
      if (timeCovers(entity, Date.parse(outcome.found))) found.push("time");
    }
  }
  for (const term of group.terms) {
    const at = term.field === "time" ? parseInstant(term.value) : null;
    if (!at || (edge === "first" && term.op === "lte") || (edge === "last" && term.op === "gte"))
      continue;
    const exact = term.op === "eq" ? group.records.map(timeOf) : [at.start];
    if (exact.length > 0 && exact.every((ms) => ms !== null && timeCovers(entity, ms)))
      found.push("time");
  }
  return found;
}

/** A stated length of time against a duration or the ends of an order. */
export function durationFits(entity: Entity, fact: Fact): boolean {
  const { predicate, outcome } = fact;
  const slack = Math.max(1, (entity.unit ?? 1) / 2);
  const near = (seconds: number) => Math.abs(seconds - (entity.n ?? -1)) <= slack;
  if (predicate.op === "duration")
    return predicate.cmp === "gte" || predicate.cmp === "lte"
      ? predicate.n === entity.n
      : near(predicate.n);
  if (predicate.op !== "order") return false;
  const first = outcome.records[0] && timeOf(outcome.records[0]);
  const last = outcome.records.at(-1);
  const end = last ? timeOf(last) : null;
  return (
    typeof first === "number" &&
    end !== null &&
    (near((end - first) / 1000) || predicate.within_s === entity.n)
  );
}

/** A stated size against one that was counted, as exact as it is told. */
export function bytesFit(entity: Entity, fact: Fact): boolean {
  const { predicate } = fact;
  if (!/bytes/.test(predicate.field)) return false;
  const n =
    predicate.op === "sum"
      ? predicate.n
      : predicate.op === "field"
        ? Number(predicate.value)
        : Number.NaN;
  const said = entity.n ?? Number.NaN;
  const slack = Math.min((entity.unit ?? 1) / 2, said * BYTES_SLACK);
  return Math.abs(said - n) <= (entity.unit === 1 ? 0 : slack);
}

/** A stated number against one that was counted. */
export function countFits(entity: Entity, fact: Fact): boolean {
  const { op, n, value } = fact.predicate;
  if (op === "all") return value === "" && n === entity.n;
  return (op === "count" || op === "distinct" || op === "sum") && n === entity.n;
}
