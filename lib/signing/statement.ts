import type { DecisionContent, IncidentFacts } from "#lib/domain/decision/decision.ts";
import { wordsOf } from "#lib/domain/decision/policy.ts";
import type { BlastRadius, Requirement } from "#lib/domain/decision/policy.ts";
import {
  BREAK_GLASS_MEANING,
  BULK_MEANING,
  DECISION_MEANINGS,
  type Statement,
} from "#lib/domain/decision/statement.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";

export const STATEMENT_BYTES_MAX = 16_384;
/** A bulk closure lists up to 500 incidents. */
export const BULK_STATEMENT_BYTES_MAX = 524_288;
/** Waived claims are quoted whole if they fit, else each is cut to the longest of these lengths that fits. */
const CLAIM_LENGTHS = [2000, 400, 160, 60];

export class StatementTooLong extends Error {}

export type StatementInput = {
  content: DecisionContent;
  breakGlass?: boolean;
  /** Every incident of a bulk closure; `facts` and `title` are then of the first of them. */
  bulk?: NonNullable<Statement["bulk"]>;
  facts: Pick<
    IncidentFacts,
    | "id"
    | "number"
    | "severity"
    | "types"
    | "version"
    | "evidenceCount"
    | "evidenceRoot"
    | "claimsHash"
  >;
  title: string;
  /** The unsettled claims the proposer named as set aside. */
  waivedClaims: (IncidentFacts["unsettledClaims"][number] & { incident?: number })[];
  modelRunIds: string[];
  proposer: { id: string; name: string };
  blastRadius: BlastRadius;
  rule: Requirement;
  /** At least 16 random bytes in hex: two proposals never share a statement. */
  nonce: string;
};

export type FrozenStatement = { statement: Statement; text: string; sha256: Buffer };

/**
 * Freezes a proposal: the statement, its canonical JSON (RFC 8785, at most 16 KiB of UTF-8, 512 KiB of a bulk closure)
 * and the sha256 of that.
 * Throws StatementTooLong when it does not fit.
 */
export function buildStatement(input: StatementInput): FrozenStatement {
  const bytesMax = input.bulk ? BULK_STATEMENT_BYTES_MAX : STATEMENT_BYTES_MAX;
  for (const claimLength of CLAIM_LENGTHS) {
    const statement = statementOf(input, claimLength);
    const text = canonicalJson(statement);
    if (Buffer.byteLength(text) <= bytesMax) return { statement, text, sha256: sha256(text) };
  }
  throw new StatementTooLong(`a statement has at most ${bytesMax} bytes`);
}

/** Reads a stored statement back. It was written by `buildStatement`, so its shape is trusted once the text is canonical. */
export function parseStatement(text: string): Statement {
  const statement = JSON.parse(text) as Statement;
  if ((statement.v !== 1 && statement.v !== 2) || canonicalJson(statement) !== text)
    throw new Error("statement: not in canonical form");
  return statement;
}

function statementOf(input: StatementInput, claimLength: number): Statement {
  const {
    content,
    breakGlass,
    bulk,
    facts,
    title,
    waivedClaims,
    modelRunIds,
    proposer,
    blastRadius,
    rule,
    nonce,
  } = input;
  const meaning = bulk ? BULK_MEANING : DECISION_MEANINGS[content.kind];
  return {
    v: 2,
    kind: content.kind,
    meaning: breakGlass ? `${meaning} ${BREAK_GLASS_MEANING}` : meaning,
    content,
    ...(breakGlass ? { breakGlass } : {}),
    incident: {
      id: facts.id,
      number: facts.number,
      severity: facts.severity,
      title: cut(title, 200),
      version: facts.version,
      ...(bulk ? {} : { types: facts.types }),
    },
    ...(bulk ? { bulk } : {}),
    blastRadius,
    evidence: { count: facts.evidenceCount, root: facts.evidenceRoot },
    claims: {
      hash: facts.claimsHash,
      waived: waivedClaims.map(({ id, standing, text, incident }) => ({
        id,
        standing,
        text: cut(text, claimLength),
        ...(incident === undefined ? {} : { incident }),
      })),
    },
    modelRuns: modelRunIds.toSorted(),
    proposer: { id: proposer.id, name: proposer.name },
    policy: wordsOf(rule),
    expiresMinutes: rule.proposalMinutes,
    nonce,
  };
}

/** Cut to a length in UTF-16 units, never inside a character. */
export function cut(text: string, length: number): string {
  const whole = text.toWellFormed();
  // toWellFormed again: the cut may fall inside a surrogate pair
  return whole.length <= length ? whole : `${whole.slice(0, length - 1).toWellFormed()}…`;
}
