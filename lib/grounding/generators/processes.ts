import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import { chained, fieldIs, type RuleClaim } from "./draft.ts";
import { type Facts, groupByFields, keyOf, rankOf, textOf } from "./facts.ts";
import { cite } from "./overview.ts";
import { findParents, isStart } from "./parents.ts";
import { quoted, timeValue, timeWords } from "./words.ts";

const SHORT_PATH = 90;
const MAX_CHAINS = 8;
const MAX_COMMANDS = 8;

/** Programs that come with the system and are often used to fetch, decode or run other code. */
const HELPERS = new Set(
  (
    "powershell.exe pwsh.exe cmd.exe wscript.exe cscript.exe mshta.exe rundll32.exe regsvr32.exe " +
    "certutil.exe bitsadmin.exe msbuild.exe installutil.exe wmic.exe schtasks.exe reg.exe sc.exe " +
    "net.exe net1.exe netsh.exe vssadmin.exe wbadmin.exe bcdedit.exe wevtutil.exe procdump.exe " +
    "psexec.exe curl.exe at.exe msiexec.exe forfiles.exe bash sh curl wget python python3 perl nc"
  ).split(" "),
);

const FLAGS =
  /-e(nc|ncodedcommand|c)?\s+[A-Za-z0-9+/=]{16}|frombase64string|downloadstring|downloadfile|invoke-webrequest|-urlcache|https?:\/\/|-w(indowstyle)?\s+(hidden|1)\b|comsvcs|minidump|delete\s+shadows|sekurlsa|lsadump|javascript:|\/i:http|-nop\b|bypass|clear-log|\bcl\s+security/i;

/** 7: who started what. Told for the rarest pairs of parent and child. */
export function writeProcessChains(facts: Facts): RuleClaim[] {
  const children = facts.events.filter((r) => isStart(r));
  const pairs = [...groupByFields(children, ["parent.name", "process.name"]).values()]
    .toSorted((a, b) => a.records.length - b.records.length)
    .slice(0, MAX_CHAINS * 4);
  const parents = findParents(
    facts,
    pairs.flatMap((p) => p.records[0] ?? []),
  );
  const claims = pairs.flatMap(({ records: [child] }) =>
    child ? chainClaim(facts, child, parents) : [],
  );
  return claims.toSorted((a, b) => b.rank - a.rank).slice(0, MAX_CHAINS);
}

/** 8: system programs run with flags that encode, hide or download; one sentence per command line. */
export function writeCommands(facts: Facts): RuleClaim[] {
  const groups = groupByFields(
    facts.records.filter((r) => isNotable(r)),
    ["process.command_line"],
  );
  return [...groups.values()]
    .flatMap(({ records: [record] }) => (record ? commandClaim(facts, record) : []))
    .toSorted((a, b) => b.rank - a.rank)
    .slice(0, MAX_COMMANDS);
}

function chainClaim(
  facts: Facts,
  child: EvidenceRecord,
  parents: Map<EvidenceRecord, EvidenceRecord>,
): RuleClaim[] {
  const host = textOf(child, "host");
  const name = textOf(child, "process.name");
  const pid = textOf(child, "process.pid");
  const parentName = textOf(child, "parent.name");
  const parentPid = textOf(child, "parent.pid");
  if (!host || !name || !pid || !parentName || !parentPid) return [];
  const parent = parents.get(child);
  const when = child.time ? ` at ${timeWords(child.time)}` : "";
  const facets: Predicate[] = [
    fieldIs([child], "process.name", name),
    fieldIs([child], "process.pid", pid),
    fieldIs([child], "parent.name", parentName),
    fieldIs([child], "parent.pid", parentPid),
    fieldIs([child], "host", host),
    ...(child.time ? [fieldIs([child], "time", timeValue(child.time))] : []),
  ];
  const chain = parent
    ? [chained([parent, child]), fieldIs([parent], "process.name", parentName)]
    : [];
  return [
    {
      family: "process_chain",
      section: "what",
      kind: parent ? "sequence" : "observation",
      polarity: "affirmed",
      front: false,
      text: `${parentName} (PID ${parentPid}) started ${name} (PID ${pid}) on ${host}${when}.`,
      predicates: [...chain, ...facets],
      citations: [
        ...(parent ? cite([parent], [...nameFields(parent), "process.pid"]) : []),
        ...cite([child], [...nameFields(child), "parent.path", "parent.name", "process.pid"]),
      ],
      rank: rankOf(facts, HELPERS.has(name.toLowerCase()) ? 6 : 4, [child]),
    },
  ];
}

/** Where to quote the name: in the path, unless that is cut before the name is reached. */
function nameFields(record: EvidenceRecord): FieldName[] {
  const path = textOf(record, "process.path") ?? "";
  return path.length > SHORT_PATH ? ["process.name"] : ["process.path", "process.name"];
}

function commandClaim(facts: Facts, record: EvidenceRecord): RuleClaim[] {
  const host = textOf(record, "host");
  const name = textOf(record, "process.name");
  const line = textOf(record, "process.command_line");
  if (!name || !line) return [];
  const when = record.time ? ` at ${timeWords(record.time)}` : "";
  return [
    {
      family: "command",
      section: "what",
      kind: "observation",
      polarity: "affirmed",
      front: false,
      text:
        `The log contains ${name}${host ? ` on ${host}` : ""} with a command line ` +
        `that reads ${quoted(line, FLAGS)}${when}.`,
      predicates: [
        fieldIs([record], "process.name", name),
        fieldIs([record], "process.command_line", line),
        ...(host ? [fieldIs([record], "host", host)] : []),
        ...(record.time ? [fieldIs([record], "time", timeValue(record.time))] : []),
      ],
      citations: cite([record], ["process.command_line", ...nameFields(record)]),
      rank: rankOf(facts, 7, [record]),
    },
  ];
}

function isNotable(record: EvidenceRecord): boolean {
  const line = record.fields["process.command_line"];
  if (typeof line !== "string" || line.length > 40_000) return false;
  const name = keyOf(record, "process.name");
  return name !== null && HELPERS.has(name) && FLAGS.test(line.slice(0, 8000));
}
