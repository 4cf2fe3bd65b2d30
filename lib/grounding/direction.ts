import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { boundFields, entityIs, type Fact, type Group } from "./bindings.ts";
import { check } from "./checks.ts";
import type { Entity } from "./entities.ts";
import type { Word } from "./lexicon.ts";
import { queryValues } from "./query.ts";
import { type Reading, sentenceAround } from "./reading.ts";

/** A word is covered, stays open, or the records say the opposite. */
export type Direction = { covered: boolean; conflict: ClaimCheck | null };

const OPEN: Direction = { covered: false, conflict: null };
const COVERED: Direction = { covered: true, conflict: null };

/** "A after B", "A, then B": which record each side is about, against a true `order`. */
export function orderDirection(
  word: Word,
  reading: Reading,
  groups: Group[],
  facts: Fact[],
): Direction {
  const order = facts.find((f) => f.predicate.op === "order");
  const early = order?.outcome.records[0];
  const late = order?.outcome.records.at(-1);
  if (!early || !late || early === late) return OPEN;
  const [from, to] = sentenceAround(reading, word);
  const score = (record: EvidenceRecord, start: number, end: number) =>
    fitOf(reading, start, end, record, groups);
  const forward = score(early, from, word.start) + score(late, word.end, to);
  const backward = score(late, from, word.start) + score(early, word.end, to);
  if (forward === backward) return OPEN;
  const leftIsEarly = forward > backward;
  if (leftIsEarly === (word.class === "before")) return COVERED;
  const said = reading.text.slice(from, to).trim();
  return {
    covered: false,
    conflict: check("order", "contradicted", said, `the other way round: ${order?.outcome.found}`, [
      early,
      late,
    ]),
  };
}

/** "P started C", "C was started by P": against the records' own parent and process. */
export function spawnDirection(
  word: Word,
  reading: Reading,
  groups: Group[],
  facts: Fact[],
): Direction {
  const [from, to] = sentenceAround(reading, word);
  const isProcess = (e: Entity) => isProgram(e, reading);
  const before = reading.entities.findLast(
    (e) => isProcess(e) && e.end <= word.start && e.start >= from,
  );
  const after = reading.entities.find((e) => isProcess(e) && e.start >= word.end && e.end <= to);
  if (!before || !after) return OPEN;
  const passive = / by$/i.test(word.text);
  const [parent, child] = passive ? [after, before] : [before, after];
  const records = groups.flatMap((g) => (g.key.startsWith("E") ? g.records : []));
  const chains = facts.filter((f) => f.predicate.op === "chain");
  if (parent.text.toLowerCase() === child.text.toLowerCase()) {
    return spawnByPid(reading, [from, to], parent, child, records);
  }
  if (isStart(parent, child, records, chains)) return COVERED;
  if (!isStart(child, parent, records, chains)) return OPEN;
  const said = reading.text.slice(from, to).trim();
  return {
    covered: false,
    conflict: check(
      "direction",
      "contradicted",
      said,
      `${child.text} started ${parent.text}`,
      records,
    ),
  };
}

/** A thing that runs: a name or a path that the sentence does not call a file. */
export function isProgram(entity: Entity, { text }: Reading): boolean {
  if (entity.type !== "process" && entity.type !== "path") return false;
  return !/\bfiles? ["'`(]*$/i.test(text.slice(Math.max(0, entity.start - 10), entity.start));
}

/** A PID right after a process must be that process's own, not its parent's. */
export function pidConflict(pid: Entity, reading: Reading, group: Group): ClaimCheck | null {
  const owner = reading.entities.findLast((e) => e.end <= pid.start);
  if (!owner || (owner.type !== "process" && owner.type !== "path")) return null;
  if (!/^["')]* ?\(?(?:process id|pid):? ?$/i.test(reading.text.slice(owner.end, pid.start)))
    return null;
  const of = (e: Entity) => new Set(boundFields(e, group).map((f) => f.split(".")[0]));
  const [a, b] = [of(owner), of(pid)];
  if (a.size === 0 || b.size === 0 || [...a].some((x) => b.has(x))) return null;
  return check(
    "role",
    "contradicted",
    `${owner.text} has PID ${pid.text}`,
    `that is the PID of the ${[...b][0]}`,
    group.records,
  );
}

/** cmd.exe that started cmd.exe: only their PIDs tell which is which. */
function spawnByPid(
  reading: Reading,
  [from, to]: [number, number],
  parent: Entity,
  child: Entity,
  records: EvidenceRecord[],
): Direction {
  const pidOf = (e: Entity) => {
    const next = reading.entities.find((x) => x.start >= e.end);
    return next?.type === "pid" ? next : undefined;
  };
  const [upper, own] = [pidOf(parent), pidOf(child)];
  if (!upper || !own) return OPEN;
  const is = (a: Entity, b: Entity) =>
    records.some((r) =>
      [
        [a, "parent.pid"],
        [b, "process.pid"],
      ].every(([e, f]) =>
        queryValues(r, f as string).some((v) => entityIs(e as Entity, f as string, v)),
      ),
    );
  if (is(upper, own)) return COVERED;
  if (!is(own, upper)) return OPEN;
  const said = reading.text.slice(from, to).trim();
  const found = `PID ${own.text} started PID ${upper.text}`;
  return { covered: false, conflict: check("direction", "contradicted", said, found, records) };
}

function isStart(
  parent: Entity,
  child: Entity,
  records: EvidenceRecord[],
  chains: Fact[],
): boolean {
  const is = (record: EvidenceRecord, fields: string[], e: Entity) =>
    fields.some((f) => queryValues(record, f).some((v) => entityIs(e, f, v)));
  const own = ["process.name", "process.path"];
  const upper = ["parent.name", "parent.path"];
  if (records.some((r) => is(r, upper, parent) && is(r, own, child))) return true;
  return chains.some(({ outcome }) =>
    outcome.records.some((r, i) => {
      const next = outcome.records[i + 1];
      return next !== undefined && is(r, own, parent) && is(next, own, child);
    }),
  );
}

/** How many entities and outcome words between two offsets one record accounts for. */
function fitOf(
  reading: Reading,
  start: number,
  end: number,
  record: EvidenceRecord,
  groups: Group[],
): number {
  const group = groups.find((g) => g.key === `E${record.position}`);
  let fit = 0;
  for (const e of reading.entities) {
    if (e.start < start || e.end > end) continue;
    if (group && boundFields(e, group).length > 0) fit += 1;
  }
  const outcome = String(record.fields.outcome ?? "");
  for (const w of reading.words) {
    if (w.class === "outcome" && w.start >= start && w.end <= end && w.concept === outcome)
      fit += 1;
  }
  const title = String(record.fields["alert.title"] ?? "").toLowerCase();
  if (title.length >= 8 && reading.text.slice(start, end).toLowerCase().includes(title)) fit += 1;
  return fit;
}
