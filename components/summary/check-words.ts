import { whereSentence, whereWords } from "#lib/domain/evidence/where-words.ts";
import type { ClaimCheck, Standing } from "#lib/domain/summary/claim.ts";

/** A stretch of a sentence: our words, words of a record or claim, or a record's label to press. */
export type Piece = {
  as: "words" | "record" | "label";
  text: string;
  /** The one stretch `[start, end)` of it that differs from what it is compared with. */
  differs?: [number, number];
};

/** One row of the said / found / where table: a check, or several that found the same. */
export type Finding = {
  effect: Standing;
  name: string;
  said: Piece[];
  found: Piece[];
  where: readonly string[];
  /** Why the claim is not fully supported, as one sentence; empty for what held. */
  reason: Piece[];
  /** What was counted or searched, to be opened in the thread. */
  query: { where: string; records: number | null } | null;
};

const NAMES: Record<string, string> = {
  text: "Text",
  cited_id: "Cited record",
  quote: "Quote",
  entity: "Name or number",
  time: "Time",
  predicate: "Test on the records",
  binding: "What the tests are about",
  same_record: "On one record",
  role: "Role",
  direction: "Direction",
  order: "Order",
  outcome: "Outcome",
  polarity: "Said or denied",
  contradictory: "Tests that exclude each other",
  count: "Count",
  bytes: "Amount",
  duration: "Duration",
  technique: "ATT&CK technique",
  coverage: "Words no check covers",
  taint: "Who could have written it",
  judgement: "The model's judgement",
  completeness: "Completeness",
};

const RANK: Record<Standing, number> = {
  contradicted: 0,
  unsupported: 1,
  partial: 2,
  supported: 3,
};

/** The checks of a claim in plain words, worst first; several words that no check covers are one row. */
export function findingsOf(checks: readonly ClaimCheck[]): Finding[] {
  const rows: ClaimCheck[][] = [];
  for (const check of checks) {
    const row = rows.find(([first]) => first && sameRow(first, check));
    if (row) row.push(check);
    else rows.push([check]);
  }
  return rows
    .flatMap(([first, ...more]) => (first ? [findingOf(first, more)] : []))
    .toSorted((a, b) => RANK[a.effect] - RANK[b.effect]);
}

/** The finding that tells most about why a claim does not stand; null when it does. */
export function tellingFinding(findings: readonly Finding[]): Finding | null {
  const failed = findings.filter(({ reason }) => reason.length > 0);
  const worst = failed.filter(({ effect }) => effect === failed[0]?.effect);
  return failed.find(isNearMiss) ?? worst.find(isPrecise) ?? failed[0] ?? null;
}

function isNearMiss({ said, reason }: Finding): boolean {
  return said.length === 1 && isPrecise({ reason }) && reason.some(({ as }) => as === "label");
}

function isPrecise({ reason }: Pick<Finding, "reason">): boolean {
  return reason.some(({ differs }) => differs !== undefined);
}

/** Words of a kind that failed for the same reason belong together; everything else stands alone. */
function sameRow(a: ClaimCheck, b: ClaimCheck): boolean {
  const grouped = a.check === "coverage" || a.check === "judgement";
  return grouped && a.check === b.check && a.effect === b.effect && a.found === b.found;
}

function findingOf(check: ClaimCheck, more: ClaimCheck[]): Finding {
  const said = saidOf(check, more);
  const { found, reason, said: marked } = foundOf(check, said);
  return {
    effect: check.effect,
    name: NAMES[check.check] ?? check.check,
    said: marked ?? said,
    found,
    where: check.where,
    reason: check.effect === "supported" ? [] : reason,
    query: queryOf(check),
  };
}

const COUNTED = /^((?:at least |at most )?)([\d,.]+) of (?:all records|records where .*)$/s;

function saidOf(check: ClaimCheck, more: ClaimCheck[]): Piece[] {
  if (check.check === "coverage" || check.check === "judgement") {
    return listed([check, ...more].map((each) => each.said));
  }
  const over = overWords(check);
  const counted = over === null ? null : COUNTED.exec(check.said);
  if (counted) {
    return [words(counted[1] ?? ""), record(grouped(counted[2] ?? "")), words(` ${over}`)];
  }
  return over === null ? [plain(check.said)] : queryTold(check, over);
}

/** "E58's records where ... end at 02:14": the query in the middle of it in words. */
function queryTold({ said, query = "" }: ClaimCheck, over: string): Piece[] {
  const start = said.indexOf(query.trim() === "" ? "all records" : "records where ");
  const end = said.search(/ (?:begin at|end at|span) [^&]*$/);
  if (start < 0) return [plain(said)];
  const [head, tail] = [said.slice(0, start), end > start ? said.slice(end) : ""];
  return [words(head), words(over), words(tail)].filter(({ text }) => text !== "");
}

type Told = { found: Piece[]; reason: Piece[]; said?: Piece[] };

function foundOf(check: ClaimCheck, said: Piece[]): Told {
  return (
    nearMiss(check) ??
    elsewhere(check) ??
    countConflict(check) ??
    fieldConflict(check) ??
    taint(check) ??
    byKind(check, said) ?? {
      found: [words(check.found)],
      reason: [
        ...said,
        words(check.found.startsWith("not ") ? ` is ${check.found}` : `: ${check.found}`),
      ],
    }
  );
}

/** "10.0.3.17 is not in the evidence; 10.0.3.71 is, in E12", with what differs marked in both. */
function nearMiss({ said, found }: ClaimCheck): Told | null {
  const [, value, label] = /^not in the evidence; (.+) is, in (E\d+)$/s.exec(found) ?? [];
  if (!value || !label) return null;
  const [claimed, real] = compared(said, value);
  const ending: Piece[] = [real, words(" is, in "), { as: "label", text: label }];
  return {
    said: [claimed],
    found: [words("not in the evidence; "), ...ending],
    reason: [claimed, words(" is not in the evidence; "), ...ending],
  };
}

function elsewhere({ said, found }: ClaimCheck): Told | null {
  const label = /^not in the cited records; (E\d+) has it$/.exec(found)?.[1];
  if (!label) return null;
  const told: Piece[] = [
    words("not in the cited records; "),
    { as: "label", text: label },
    words(" has it"),
  ];
  return { found: told, reason: [record(said), words(" is "), ...told] };
}

/** "claim 48, evidence 47", and by how much. */
function countConflict(check: ClaimCheck): Told | null {
  if (check.effect !== "contradicted") return null;
  const over = overWords(check);
  const claimed =
    check.check === "count" ? check.said : over === null ? null : COUNTED.exec(check.said)?.[2];
  const [n, m] = [numberOf(claimed), numberOf(check.found)];
  if (n === null || m === null || n === m) return null;
  const difference = `${grouped(String(Math.abs(n - m)))} too ${n > m ? "many" : "few"}`;
  const both = [
    words("claim "),
    record(grouped(String(n))),
    words(", evidence "),
    record(grouped(String(m))),
  ];
  return {
    found: [record(grouped(String(m))), words(` (the claim has ${difference})`)],
    reason: [...both, words(over ? `: ${over}` : "")],
  };
}

/** "source ip is 203.0.113.19 in E2, not 203.0.113.91". */
function fieldConflict({ check, effect, field, said, found }: ClaimCheck): Told | null {
  if (check !== "predicate" || effect !== "contradicted" || !field) return null;
  const [, value, label] = /^(.+) in (E\d+)$/s.exec(found) ?? [];
  const start = `${field} is `;
  if (!value || !label || !said.startsWith(start)) return null;
  const wanted = said.slice(start.length);
  const [claimed, real] = compared(wanted, value);
  const name = words(`${field.replaceAll(/[._]/g, " ")} is `);
  return {
    said: [name, claimed],
    found: [real],
    reason: [name, real, words(" in "), { as: "label", text: label }, words(", not "), claimed],
  };
}

function taint({ check, said, found }: ClaimCheck): Told | null {
  if (check !== "taint") return null;
  const [, verb, field] =
    /^(only in|copied from) (.+), which an attacker could write$/s.exec(found) ?? [];
  if (!verb || !field) return null;
  const whose = [words(`${verb} text an attacker could write: `), record(field)];
  const several = said === "the names in the text";
  const link = verb === "copied from" ? " is " : several ? " stand " : " stands ";
  return { found: whose, reason: [plain(said), words(link), ...whose] };
}

function byKind({ check, said, found, where }: ClaimCheck, listedWords: Piece[]): Told | null {
  switch (check) {
    case "judgement": {
      const whole = said === "an assessment";
      const start = whole ? [words("This")] : listedWords;
      return {
        found: [words("for a person to judge; no record can settle it")],
        reason: [...start, words(" is the model's judgement; no record can settle it")],
      };
    }
    case "coverage": {
      if (found === "no true predicate covers this") {
        return {
          found: [words("no check covers these words")],
          reason: [words("No check covers "), ...listedWords],
        };
      }
      return { found: [words(found)], reason: [...listedWords, words(`: ${found}`)] };
    }
    case "quote": {
      const label = where[0];
      const place: Piece[] = label ? [words(", "), { as: "label", text: label }] : [];
      const quoted: Piece[] = [words("“"), record(said), words("”")];
      const link = found.startsWith("not ") ? ` is ${found}` : `: ${found}`;
      return { found: [words(found)], reason: [...quoted, words(link), ...place] };
    }
    default:
      return null;
  }
}

function queryOf({ query, said, found }: ClaimCheck): Finding["query"] {
  if (query === undefined) return null;
  return { where: query, records: COUNTED.test(said) ? numberOf(found) : null };
}

/** "records where host is WS-014"; null when the check has no query, or one with no words. */
function overWords({ query }: ClaimCheck): string | null {
  if (query === undefined) return null;
  const said = whereWords(query);
  if (!said) return null;
  return said.length === 0 ? "records in all" : `records where ${whereSentence(said)}`;
}

/** Two spellings with what differs marked, as long as more is the same than is not. */
function compared(a: string, b: string): [Piece, Piece] {
  const [here, there] = differing(a, b);
  const alike = 2 * (here[1] - here[0]) <= a.length && 2 * (there[1] - there[0]) <= b.length;
  if (!alike) return [record(a), record(b)];
  return [
    { as: "record", text: a, differs: here },
    { as: "record", text: b, differs: there },
  ];
}

/** Where two spellings part and meet again: the stretch of each that the other does not have. */
export function differing(a: string, b: string): [[number, number], [number, number]] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end += 1;
  return [
    [start, a.length - end],
    [start, b.length - end],
  ];
}

function listed(texts: readonly string[]): Piece[] {
  return [...new Set(texts)].flatMap((text, index) => {
    const [start, said] = [index > 0 ? ", " : "", plain(text)];
    if (said.as === "words") return [words(`${start}${said.text}`)];
    return [words(`${start}“`), said, words("”")];
  });
}

function numberOf(text: string | null | undefined): number | null {
  const digits = /^(?:at least |at most )?(\d[\d,]*)\b/.exec(text ?? "")?.[1]?.replaceAll(",", "");
  return digits === undefined ? null : Number(digits);
}

/** 12345 as 12,345; what is no whole number stays. */
function grouped(text: string): string {
  return /^\d+$/.test(text) ? Number(text).toLocaleString("en") : text;
}

/** What the verifier calls parts of a claim that are no words of it. */
const OUR_WORDS: Record<string, string> = {
  "the citation": "the citation",
  "a citation": "a citation",
  citations: "the citations",
  "an assessment": "the claim as a whole",
  "a negated claim": "that it did not happen",
  "the names in the text": "the names in the claim",
};

function plain(said: string): Piece {
  const ours = Object.hasOwn(OUR_WORDS, said) ? OUR_WORDS[said] : undefined;
  return ours === undefined ? record(said) : words(ours);
}

function words(text: string): Piece {
  return { as: "words", text };
}

function record(text: string): Piece {
  return { as: "record", text };
}
