import { type EvidenceRecord, evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { ClaimCheck, DraftClaim, ResolvedCitation } from "#lib/domain/summary/claim.ts";
import { type EvidenceIndex, findRecord } from "./evidence-index.ts";
import { check } from "./checks.ts";
import { indexOfText } from "./find-text.ts";

const MIN_QUOTE = 4;
const MAX_QUOTE = 2000;
const MAX_CITATIONS = 100;

export type CitedClaim = {
  resolved: ResolvedCitation[];
  checks: ClaimCheck[];
  /** Cited records of this incident, each once. */
  records: EvidenceRecord[];
  /** Quotations found word for word, by record id. */
  quotes: Map<string, string[]>;
};

/** Ids in scope, and quotes word for word in the cited record's raw text. */
export function checkCitations(
  claim: DraftClaim,
  index: EvidenceIndex,
  rawText: (id: string) => string | null,
): CitedClaim {
  const cited: CitedClaim = { resolved: [], checks: [], records: [], quotes: new Map() };
  if (claim.citations.length === 0) {
    cited.checks.push(check("cited_id", "unsupported", "a citation", "the claim cites nothing"));
  }
  if (claim.citations.length > MAX_CITATIONS) {
    const found = `${claim.citations.length} citations; only ${MAX_CITATIONS} are read`;
    cited.checks.push(check("cited_id", "unsupported", "citations", found));
  }
  for (const { id, quote } of claim.citations.slice(0, MAX_CITATIONS)) {
    const record = findRecord(index, id);
    if (!record) {
      cited.checks.push(check("cited_id", "unsupported", id, "not in this incident"));
      cited.resolved.push({ evidenceId: null, position: null, quote, start: null, end: null });
      continue;
    }
    if (!cited.records.includes(record)) cited.records.push(record);
    const place = checkQuote(record, quote, rawText, cited);
    cited.resolved.push({
      evidenceId: record.id,
      position: record.position,
      quote,
      start: place?.start ?? null,
      end: place?.end ?? null,
    });
  }
  return cited;
}

/** Where a quote stands in raw text: as written, JSON-escaped, or with its JSON escapes undone. */
export function locateQuote(raw: string, quote: string): { start: number; end: number } | null {
  for (const spelling of spellings(quote)) {
    const start = indexOfText(raw, spelling);
    if (start >= 0) return { start, end: start + spelling.length };
  }
  return null;
}

function checkQuote(
  record: EvidenceRecord,
  quote: string,
  rawText: (id: string) => string | null,
  cited: CitedClaim,
): { start: number; end: number } | null {
  const where = [evidenceLabel(record.position)];
  const fail = (found: string) => {
    cited.checks.push({ check: "quote", effect: "unsupported", said: clip(quote), found, where });
    return null;
  };
  if (quote.trim().length < MIN_QUOTE)
    return fail(`a quote needs at least ${MIN_QUOTE} characters`);
  if (quote.length > MAX_QUOTE) return fail(`a quote has at most ${MAX_QUOTE} characters`);
  const raw = rawText(record.id);
  if (raw === null) return fail("the record's raw text is not available");
  const place = locateQuote(raw, quote);
  if (!place) return fail("not word for word in the record");
  const known = cited.quotes.get(record.id) ?? [];
  known.push(unescaped(quote));
  cited.quotes.set(record.id, known);
  cited.checks.push({
    check: "quote",
    effect: "supported",
    said: clip(quote),
    found: "word for word",
    where,
  });
  return place;
}

/** JSON may write `>` as a backslash and `u003e`, whose letters would run into the value behind it. */
function unescaped(quote: string): string {
  return quote.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** One by one: nearly every quote is found as it is written. */
function* spellings(quote: string): Generator<string> {
  yield quote;
  const escaped = JSON.stringify(quote).slice(1, -1);
  if (escaped !== quote) yield escaped;
  if (escaped.includes("/")) yield escaped.replaceAll("/", "\\/");
  if (!quote.includes("\\")) return;
  try {
    const undone: unknown = JSON.parse(`"${quote.replace(/(^|[^\\])"/g, '$1\\"')}"`);
    if (typeof undone === "string" && undone.trim().length >= MIN_QUOTE) yield undone;
  } catch {
    // not a JSON string body: the other spellings stand alone
  }
}

function clip(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
