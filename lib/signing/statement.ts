import type { DecisionContent, IncidentFacts } from "#lib/domain/decision/decision.ts";
import { wordsOf } from "#lib/domain/decision/policy.ts";
import type { BlastRadius, Requirement } from "#lib/domain/decision/policy.ts";
import {
  BREAK_GLASS_MEANING,
  DECISION_MEANINGS,
  type Statement,
} from "#lib/domain/decision/statement.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";

export const STATEMENT_BYTES_MAX = 16_384;
/** Waived claims are quoted whole if they fit, else each is cut to the longest of these lengths that fits. */
const CLAIM_LENGTHS = [2000, 400, 160, 60];

export class StatementTooLong extends Error {}

export type StatementInput = {
  content: DecisionContent;
  breakGlass?: boolean;
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
  waivedClaims: IncidentFacts["unsettledClaims"];
  modelRunIds: string[];
  proposer: { id: string; name: string };
  blastRadius: BlastRadius;
  rule: Requirement;
  /** At least 16 random bytes in hex: two proposals never share a statement. */
  nonce: string;
};

export type FrozenStatement = { statement: Statement; text: string; sha256: Buffer };

/**
 * Freezes a proposal: the statement, its canonical JSON (RFC 8785, at most 16 KiB of UTF-8) and the sha256 of that.
 * Throws StatementTooLong when it does not fit.
 */
export function buildStatement(input: StatementInput): FrozenStatement {
  for (const claimLength of CLAIM_LENGTHS) {
    const statement = statementOf(input, claimLength);
    const text = canonicalJson(statement);
    if (Buffer.byteLength(text) <= STATEMENT_BYTES_MAX)
      return { statement, text, sha256: sha256(text) };
  }
  throw new StatementTooLong(`a statement has at most ${STATEMENT_BYTES_MAX} bytes`);
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
    facts,
    title,
    waivedClaims,
    modelRunIds,
    proposer,
    blastRadius,
    rule,
    nonce,
  } = input;
  return {
    v: 2,
    kind: content.kind,
    meaning: breakGlass
      ? `${DECISION_MEANINGS[content.kind]} ${BREAK_GLASS_MEANING}`
      : DECISION_MEANINGS[content.kind],
    content,
    ...(breakGlass ? { breakGlass } : {}),
    incident: {
      id: facts.id,
      number: facts.number,
      severity: facts.severity,
      title: cut(title, 200),
      version: facts.version,
      types: facts.types,
    },
    blastRadius,
    evidence: { count: facts.evidenceCount, root: facts.evidenceRoot },
    claims: {
      hash: facts.claimsHash,
      waived: waivedClaims.map(({ id, standing, text }) => ({
        id,
        standing,
        text: cut(text, claimLength),
      })),
    },
    modelRuns: modelRunIds.toSorted(),
    proposer: { id: proposer.id, name: proposer.name },
    policy: wordsOf(rule),
    expiresMinutes: rule.proposalMinutes,
    nonce,
  };
}

function cut(text: string, length: number): string {
  const whole = text.toWellFormed();
  // toWellFormed again: the cut may fall inside a surrogate pair
  return whole.length <= length ? whole : `${whole.slice(0, length - 1).toWellFormed()}…`;
}
