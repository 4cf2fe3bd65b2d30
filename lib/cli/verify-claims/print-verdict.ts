import type { ClaimCheck } from "#lib/domain/summary/claim.ts";
import type { EventsFile } from "./read-events.ts";
import type { ClaimsVerdict, JudgedClaim, RefusedClaim } from "./verify-claims-against.ts";

const ROWS_MAX = 200;
const REFUSED_ROWS_MAX = 20;
const TEXT_WIDTH = 110;
const VALUE_WIDTH = 64;

/** What a terminal shows: the files, a row a claim with its first failing check, the total. */
export function printVerdict(verdict: ClaimsVerdict, files: EventsFile[]): string {
  const { claims, events, totals } = verdict;
  const shown = rowsOf(claims);
  const lines = [
    ...files.map(fileLine),
    ...refusedEvents(verdict),
    "",
    ...shown.flatMap(claimLines),
    ...(shown.length < claims.length
      ? [`${claims.length - shown.length} more claims are not shown; --json OUT writes all.`]
      : []),
    "",
    `${totals.claims} claims over ${events.records} records: ${totals.supported} supported, ` +
      `${totals.partial} partial, ${totals.unsupported} unsupported, ` +
      `${totals.contradicted} contradicted, ${totals.refused} refused. Verifier ${verdict.verifier}.`,
  ];
  return lines.join("\n");
}

/** The check that settled a standing: the first that left no better one. */
export function decidingCheck({ standing, checks }: JudgedClaim): ClaimCheck | null {
  if (standing === "supported") return null;
  return checks.find(({ effect }) => effect === standing) ?? null;
}

/** All of a few; of many, those that are not supported first in their order. */
function rowsOf(claims: ClaimsVerdict["claims"]): ClaimsVerdict["claims"] {
  if (claims.length <= ROWS_MAX) return claims;
  return claims.filter(({ standing }) => standing !== "supported").slice(0, ROWS_MAX);
}

function fileLine({ file, source, by, first, last, sha256 }: EventsFile): string {
  const numbers = first === last ? `E${first}` : `E${first} to E${last}`;
  const how = by === "line" ? "by line" : "in order";
  return printable(
    `${file}: source "${source}", ${numbers} ${how}, sha256 ${sha256.slice(0, 16)}...`,
  );
}

function refusedEvents({ events: { refused, duplicates } }: ClaimsVerdict): string[] {
  const lines = refused
    .slice(0, REFUSED_ROWS_MAX)
    .map(({ number, reason }) => printable(`  E${number} refused: ${reason}`));
  if (refused.length > lines.length)
    lines.push(`  ${refused.length - lines.length} more were refused; --json OUT lists all.`);
  if (duplicates.length > 0)
    lines.push(`  ${duplicates.length} came a second time and count once.`);
  return lines;
}

function claimLines(claim: JudgedClaim | RefusedClaim): string[] {
  const label = `${String(claim.number).padStart(4)}  ${(claim.standing ?? "refused").padEnd(13)}`;
  if (claim.standing === null) return [`${label}${printable(claim.refused)}`];
  const lines = [`${label}${clip(printable(claim.text), TEXT_WIDTH)}`];
  const check = decidingCheck(claim);
  if (check) {
    const where = check.where.length > 0 ? ` (${check.where.slice(0, 5).join(", ")})` : "";
    const said = clip(printable(check.said || "nothing"), VALUE_WIDTH);
    const found = clip(printable(check.found || "nothing"), VALUE_WIDTH);
    lines.push(`${" ".repeat(19)}${check.check}: said ${said}; found ${found}${where}`);
  }
  return lines;
}

/** Nothing of a file reaches the terminal as a control, format or unassigned character. */
function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\u00b7");
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 3)}...` : text;
}
