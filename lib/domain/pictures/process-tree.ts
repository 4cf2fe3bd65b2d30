/** Which process started which, from the records of their starts. */

type Start = {
  id: string;
  time: string | null;
  host: string | null;
  name: string;
  guid: string | null;
  pid: string | null;
  parentName: string | null;
  parentGuid: string | null;
  parentPid: string | null;
};

/** One row of the drawn tree. `start` is null for a parent that no record of a start tells of, only its child's. */
export type TreeRow<S> = {
  key: string;
  depth: number;
  name: string;
  host: string | null;
  start: S | null;
  children: number;
};

type Branch<S> = {
  key: string;
  name: string;
  host: string | null;
  start: S | null;
  below: Branch<S>[];
};

/**
 * The trees of all hosts, depth first, by host and then by time. A parent is found by its GUID; else by its process id
 * on the same host, in the last start before the child's; else it stands there by name alone, once for each host. What
 * comes twice (the same GUID, or the same id, name and time on a host) is one process. A child that came before its
 * parent, as broken clocks make it, is a root.
 */
export function processRows<S extends Start>(
  starts: readonly S[],
  closed: ReadonlySet<string> = new Set(),
): TreeRow<S>[] {
  const rows: TreeRow<S>[] = [];
  const walk = (branch: Branch<S>, depth: number) => {
    const { below, ...own } = branch;
    rows.push({ ...own, depth, children: below.length });
    if (!closed.has(branch.key)) for (const child of below) walk(child, depth + 1);
  };
  for (const root of forest(starts)) walk(root, 0);
  return rows;
}

function forest<S extends Start>(starts: readonly S[]): Branch<S>[] {
  const roots: Branch<S>[] = [];
  const byGuid = new Map<string, Branch<S>>();
  const byPid = new Map<string, Branch<S>>();
  const unseen = new Map<string, Branch<S>>();
  const seen = new Set<string>();
  for (const start of starts.toSorted(byHostAndTime)) {
    const { host, guid, pid, name } = start;
    const same = guid ?? (pid === null ? null : `${host}|${pid}|${name}|${start.time}`);
    if (same !== null && seen.has(same)) continue;
    if (same !== null) seen.add(same);
    const branch: Branch<S> = { key: start.id, name, host, start, below: [] };
    const parent = parentOf(start, { byGuid, byPid, unseen, roots });
    (parent?.below ?? roots).push(branch);
    if (guid !== null) byGuid.set(guid, branch);
    if (pid !== null) byPid.set(`${host}|${pid}`, branch);
  }
  return roots;
}

type Known<S> = {
  byGuid: ReadonlyMap<string, Branch<S>>;
  byPid: ReadonlyMap<string, Branch<S>>;
  unseen: Map<string, Branch<S>>;
  roots: Branch<S>[];
};

function parentOf<S extends Start>(start: S, known: Known<S>): Branch<S> | null {
  const { host, parentGuid, parentPid, parentName } = start;
  const byGuid = parentGuid === null ? undefined : known.byGuid.get(parentGuid);
  if (byGuid) return byGuid;
  const byPid = parentPid === null ? undefined : known.byPid.get(`${host}|${parentPid}`);
  // ids are used again: another name is another process
  if (byPid && (parentName === null || byPid.name.toLowerCase() === parentName.toLowerCase()))
    return byPid;
  if (parentName === null) return null;
  const key = `unseen|${host}|${parentGuid ?? parentPid ?? ""}|${parentName}`;
  const there = known.unseen.get(key);
  if (there) return there;
  const branch: Branch<S> = { key, name: parentName, host, start: null, below: [] };
  known.unseen.set(key, branch);
  known.roots.push(branch);
  return branch;
}

function byHostAndTime(a: Start, b: Start): number {
  const [x, y] = [`${a.host ?? ""}|${a.time ?? "9"}`, `${b.host ?? ""}|${b.time ?? "9"}`];
  return x < y ? -1 : x > y ? 1 : 0;
}
