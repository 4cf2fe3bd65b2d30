/** What was found, as figures with their targets. */
import type { Db } from "#lib/db/prisma.ts";
import { round } from "../figures.ts";
import type { Figure } from "../figures.ts";
import type { ClaimFindings } from "./claims.ts";
import { isAccountedFor, isExplained } from "./post-files.ts";
import type { Posted } from "./post-files.ts";
import type { ByteFindings } from "./raw-bytes.ts";
import { whyListedOtherwise } from "./sample-files.ts";

const SHOWN = 4;

/** What became of the files of one group. */
export function groupFigures(group: "named" | "other", all: Posted[]): Figure[] {
  const posted = all.filter(({ file }) => file.group === group);
  return [...countFigures(group, posted), ...accountFigures(group, posted)];
}

function countFigures(group: string, posted: Posted[]): Figure[] {
  const records = sum(posted, ({ file }) => file.records);
  const seconds = sum(posted, ({ answer }) => answer.ms) / 1000;
  const pace = `${formatsOf(posted)}; ${Math.round(records / seconds)} records/s, one request at a time`;
  const refused = posted.flatMap(({ file, answer }) =>
    answer.refused === null ? [] : [`${file.path}: ${answer.refused}`],
  );
  const count = (name: string, value: number, note: string): Figure => ({
    ...plain(`${group}.${name}`, value, records, note),
    unit: "records",
  });
  const rejected = sum(posted, ({ answer }) => answer.rejected.length + (answer.rejectedMore ?? 0));
  return [
    { ...plain(`${group}.files`, posted.length, posted.length, pace), unit: "files" },
    count(
      "accepted",
      sum(posted, ({ answer }) => answer.accepted),
      "",
    ),
    count(
      "duplicates",
      sum(posted, ({ answer }) => answer.duplicates),
      duplicatesOf(posted),
    ),
    count("rejected", rejected, reasonsOf(posted, refused)),
  ];
}

function accountFigures(group: string, posted: Posted[]): Figure[] {
  const nothingNew = posted.filter(({ answer }) => answer.accepted === 0).map(accountOf);
  const lost = posted.filter((one) => !isAccountedFor(one)).map(accountOf);
  const unexplained = posted.filter((one) => !isExplained(one)).map(accountOf);
  const differing = posted.filter(({ file }) => file.listed !== file.records);
  const unlike = differing.flatMap(({ file }) =>
    whyListedOtherwise(file.path) ? [] : `${file.path}: ${file.records}, listed ${file.listed}`,
  );
  const files = { unit: "files" } as const;
  return [
    {
      ...plain(
        `${group}.files_with_nothing_new`,
        nothingNew.length,
        posted.length,
        shown(nothingNew),
      ),
      ...files,
    },
    {
      ...none(`${group}.files_unaccounted`, lost, posted.length),
      ...files,
      note:
        lost.length === 0
          ? "accepted + duplicates + rejected = records of every file"
          : shown(lost),
    },
    { ...none(`${group}.files_unexplained`, unexplained, posted.length), ...files },
    {
      ...none(`${group}.counts_unlike_manifest`, unlike, posted.length),
      ...files,
      note: differenceNote(differing),
    },
  ];
}

export function byteFigures(found: ByteFindings, posted: Posted[]): Figure[] {
  const accepted = sum(posted, ({ answer }) => answer.accepted);
  const missing = Math.abs(found.items - accepted);
  return [
    {
      ...none("bytes.items_unlike_accepted", [], found.items),
      value: missing,
      holds: missing === 0,
      unit: "items",
      note: `${found.items} stored, ${accepted} accepted`,
    },
    { ...none("bytes.wrong_digests", found.wrongDigests, found.items), unit: "items" },
    { ...none("bytes.not_in_file", found.notInFile, found.items), unit: "items" },
    { ...none("bytes.lost_lines", found.lostLines, found.lines), unit: "lines" },
    {
      ...plain(
        "bytes.duplicates_with_other_content",
        found.otherContent.length,
        found.lines,
        shown(found.otherContent),
      ),
      unit: "lines",
    },
  ];
}

export type SummaryTimes = { n: number; slowestMs: number; slowest: string; medianMs: number };

/** What the worker took for each job, as its queue recorded it. */
export async function summaryTimes(db: Db): Promise<SummaryTimes> {
  const rows = await db.$queryRaw<{ ms: number; name: string; records: number }[]>`
    SELECT (extract(epoch FROM j.completed_on - j.started_on) * 1000)::float8 AS ms,
           coalesce(i.source_key, i.number::text) AS name, i.evidence_count AS records
    FROM pgboss.job j JOIN incident i ON i.id::text = j.data->>'incidentId'
    WHERE j.name = 'summarise' AND j.state = 'completed' ORDER BY 1`;
  const last = rows.at(-1);
  const slowest = last ? `${last.name}, ${last.records} records` : "";
  return {
    n: rows.length,
    slowestMs: last?.ms ?? 0,
    slowest,
    medianMs: rows[Math.floor(rows.length / 2)]?.ms ?? 0,
  };
}

export function claimFigures(found: ClaimFindings, times: SummaryTimes): Figure[] {
  const { supported, partial, unsupported, contradicted } = found.standings;
  const share = found.claims === 0 ? 0 : supported / found.claims;
  return [
    { ...none("summaries.missing", found.withoutSummary, found.incidents), unit: "incidents" },
    {
      ...none("summaries.without_claims", found.withoutClaims, found.incidents),
      unit: "incidents",
    },
    {
      id: "claims.supported",
      // rounding must not hide a single claim
      value: Math.floor(share * 1e6) / 1e6,
      unit: "share",
      n: found.claims,
      target: "1",
      holds: found.claims > 0 && supported === found.claims,
      note: `${partial} partial, ${unsupported} unsupported, ${contradicted} contradicted. ${shown(found.notSupported)}`.trim(),
    },
    { ...none("claims.verified_otherwise", found.differences, found.claims), unit: "claims" },
    {
      ...none("claims.citations_misplaced", found.wrongPlaces, found.citations),
      unit: "citations",
    },
    {
      ...plain(
        "summaries.slowest",
        round(times.slowestMs / 1000),
        times.n,
        `${times.slowest}; median ${round(times.medianMs)} ms`,
      ),
      unit: "s",
    },
  ];
}

export function repeatFigure(posted: Posted[]): Figure {
  const wrong = posted.filter(
    ({ file, answer }) =>
      answer.accepted > 0 || answer.duplicates + answer.rejected.length !== file.records,
  );
  const records = sum(posted, ({ file }) => file.records);
  return {
    ...none("repeat.not_duplicates", wrong.map(accountOf), posted.length),
    unit: "files",
    note:
      wrong.length === 0
        ? `one file of each format posted again: ${records} records, none accepted`
        : shown(wrong.map(accountOf)),
  };
}

function plain(id: string, value: number, n: number, note: string): Figure {
  return { id, value, unit: "", n, target: null, holds: null, note };
}

/** A figure that counts findings, of which there must be none; the note shows the first. */
function none(id: string, findings: string[], n: number): Figure {
  return {
    id,
    value: findings.length,
    unit: "",
    n,
    target: "0",
    holds: findings.length === 0,
    note: shown(findings),
  };
}

function shown(findings: string[]): string {
  const more = findings.length > SHOWN ? `; and ${findings.length - SHOWN} more` : "";
  return `${findings.slice(0, SHOWN).join("; ")}${more}`;
}

function accountOf({ file, answer }: Posted): string {
  const { accepted, duplicates, rejected, refused } = answer;
  return `${file.path}: ${file.records} records, ${accepted} + ${duplicates} + ${rejected.length}${refused === null ? "" : `, refused: ${refused}`}`;
}

function reasonsOf(posted: Posted[], refused: string[]): string {
  const reasons = posted.flatMap(({ file, answer }) => {
    const same = Map.groupBy(answer.rejected, ({ reason }) => reason);
    return [...same]
      .slice(0, SHOWN)
      .map(([reason, all]) => `${file.path}${all.length > 1 ? ` (${all.length})` : ""}: ${reason}`);
  });
  return [...reasons, ...refused].join("; ");
}

function duplicatesOf(posted: Posted[]): string {
  return posted
    .filter(({ answer }) => answer.duplicates > 0)
    .toSorted((a, b) => b.answer.duplicates - a.answer.duplicates)
    .slice(0, SHOWN)
    .map(({ file, answer }) => `${file.path} ${answer.duplicates}`)
    .join("; ");
}

function differenceNote(differing: Posted[]): string {
  const reasons = Map.groupBy(
    differing,
    ({ file }) => whyListedOtherwise(file.path) ?? "unexplained",
  );
  return [...reasons].map(([why, files]) => `${files.length}: ${why}`).join("; ");
}

function formatsOf(posted: Posted[]): string {
  const formats = Map.groupBy(posted, ({ file }) => file.format);
  return [...formats].map(([format, files]) => `${format} ${files.length}`).join(", ");
}

function sum<T>(items: T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
