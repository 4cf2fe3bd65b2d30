import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { byTime, type Facts, groupBy, keyOf } from "./facts.ts";

/**
 * For each of these process starts the record in which its parent was started: by guid on the same
 * host, else by process id, if that id belonged to no other process in between.
 */
export function findParents(
  facts: Facts,
  children: EvidenceRecord[],
): Map<EvidenceRecord, EvidenceRecord> {
  const starts = facts.timed.filter((r) => isStart(r));
  const byGuid = groupBy(starts, (r) => onHost(r, keyOf(r, "process.guid")));
  const found = new Map<EvidenceRecord, EvidenceRecord>();
  const orphans: EvidenceRecord[] = [];
  for (const child of children) {
    const guid = keyOf(child, "parent.guid");
    if (guid === null) orphans.push(child);
    const parent = byGuid.get(onHost(child, guid) ?? "")?.[0];
    if (parent && isParent(parent, child)) found.set(child, parent);
  }
  if (orphans.length === 0) return found;
  const byPid = groupBy(facts.timed, (r) => onHost(r, keyOf(r, "process.pid")));
  for (const child of orphans) {
    const parent = lastHolder(
      byPid.get(onHost(child, keyOf(child, "parent.pid")) ?? "") ?? [],
      child,
    );
    if (parent && isParent(parent, child)) found.set(child, parent);
  }
  return found;
}

/** Whether a record tells of a process and of what started it. */
export function isStart(record: EvidenceRecord): boolean {
  return record.fields["process.name"] !== undefined && record.fields["parent.name"] !== undefined;
}

/** The last start of the parent's process id before the child, when nothing else had the id since. */
function lastHolder(records: EvidenceRecord[], child: EvidenceRecord): EvidenceRecord | null {
  const before = records.filter((r) => r !== child && byTime(r, child) < 0);
  const at = before.findLastIndex((r) => isStart(r));
  const name = keyOf(child, "parent.name");
  const same = before.slice(at).every((r) => keyOf(r, "process.name") === name);
  return at >= 0 && same ? (before[at] ?? null) : null;
}

function isParent(parent: EvidenceRecord, child: EvidenceRecord): boolean {
  if (parent === child || byTime(parent, child) > 0) return false;
  const sameName = keyOf(parent, "process.name") === keyOf(child, "parent.name");
  return sameName && keyOf(parent, "process.pid") === keyOf(child, "parent.pid");
}

function onHost(record: EvidenceRecord, key: string | null): string | null {
  const host = keyOf(record, "host");
  return host === null || key === null ? null : `${host}\u0000${key}`;
}
