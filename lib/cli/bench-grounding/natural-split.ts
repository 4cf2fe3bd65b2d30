/**
 * Cuts a report into the claims it makes: sentences and bullets of the sections that tell the
 * incident.
 */

export type ReportClaim = {
  text: string;
  /**
   * Graph nodes of alerts the report names for it ("Alert #25"): citations in its own numbering.
   */
  nodes: string[];
};

const TOLD = /^(?:\d+\. )?(?:executive summary|incident timeline|technical analysis)\s*$/i;
const CAPITALS = /^(?:\d+\. )?[A-Z][A-Z &/()-]{5,}$/;
const REPEATED = /^(?:\d+\. )?(?:affected|attack|indicators|severity|key|important|labels)\b/i;
const STAMP = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})? UTC$/;
const BULLET = /^(?:[•–-]|\d+\.|[a-z]\.)\s+/;
const LIST = String.raw`(?:(?:, | & | and )#?\d+)*`;
/** "(Alert #3, T1059)", "Alert (13):", "Alerts 14 & 17 (Collection)", "#10 ", "Nodes 7 & 8:". */
const REFERENCES = [
  new RegExp(String.raw`(?<=\()Alerts? #\d+${LIST}(?:, )?`, "g"),
  new RegExp(String.raw`\bAlerts? (?:\(\d+\)|#\d+${LIST}):?`, "g"),
  new RegExp(String.raw`^Alerts? \d+${LIST} (?=\([^)]*\)$)`),
  /^#\d+ /,
];
const ENTITY_NODES = /^Nodes? \d+(?: & \d+)?(?: \([^)]*\))?: /;
const MIN_WORDS = 4;

type Line = { bare: string; indent: number; mark: string };

/**
 * The claims of a report's summary, timeline and analysis, in order. A bullet under a time on a
 * line of its own begins with that time. A numbered line over indented bullets is a heading, and so
 * is what ends in a colon. References to graph nodes are taken out of the text and kept as `nodes`;
 * a dash under a line with such references shares them.
 */
export function splitReport(report: string): ReportClaim[] {
  const lines = readLines(report);
  const claims: ReportClaim[] = [];
  let told = false;
  let stamp = "";
  let shared: string[] = [];
  for (const [at, line] of lines.entries()) {
    if (isHeading(line.bare)) {
      told = TOLD.test(line.bare);
      [stamp, shared] = ["", []];
    } else if (told && STAMP.test(line.bare)) [stamp, shared] = [line.bare, []];
    else if (told && !isTopic(line, lines[at + 1])) {
      const { text, nodes } = takeNodes(line.bare.replace(BULLET, ""));
      if (nodes.length > 0 || line.mark !== "–") shared = nodes;
      claims.push(...claimsOf(text, shared, stamp));
    } else shared = [];
  }
  return claims;
}

function readLines(report: string): Line[] {
  return report.split(/\r?\n/).flatMap((line) => {
    const bare = line.trim();
    if (bare === "" || /^-{3,}$/.test(bare)) return [];
    return [{ bare, indent: line.length - line.trimStart().length, mark: bare[0] ?? "" }];
  });
}

function isHeading(bare: string): boolean {
  return TOLD.test(bare) || CAPITALS.test(bare) || (REPEATED.test(bare) && bare.length < 60);
}

/** "3. Process Injection (T1055)" over its indented bullets. */
function isTopic(line: Line, next: Line | undefined): boolean {
  return /^\d+\. /.test(line.bare) && next !== undefined && next.indent > line.indent;
}

function takeNodes(text: string): { text: string; nodes: string[] } {
  const nodes: string[] = [];
  let rest = text.replace(ENTITY_NODES, "");
  for (const reference of REFERENCES) {
    rest = rest.replace(reference, (match) => {
      nodes.push(...(match.match(/\d+/g) ?? []));
      return "";
    });
  }
  const tidy = rest.replace(/\(\s*\)/g, "").replace(/\s{2,}/g, " ");
  return { text: tidy.replace(/\s+([.,])(?=\s|$)/g, "$1").trim(), nodes };
}

function claimsOf(text: string, nodes: string[], stamp: string): ReportClaim[] {
  const enough = nodes.length > 0 && stamp !== "" ? 2 : MIN_WORDS;
  return sentencesOf(text).flatMap((sentence) => {
    const words = sentence.match(/[\p{L}\p{N}]\S*/gu) ?? [];
    if (words.length < enough || sentence.endsWith(":") || /^\([^)]*\)$/.test(sentence)) return [];
    return [{ text: stamp === "" ? sentence : `${stamp}: ${sentence}`, nodes }];
  });
}

/** Splits after a full stop that a capital follows; file names and versions have no blank there. */
function sentencesOf(text: string): string[] {
  const parts = text.split(/(?<=[\p{L}\p{N})”"][.!?])\s+(?=[A-Z“])/u);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}
