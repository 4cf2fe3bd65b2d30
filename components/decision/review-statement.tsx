"use client";

import { SignedStatement } from "#components/marks/signed-statement.tsx";
import type { DecisionView } from "#lib/contracts/views.ts";
import { statementSentences } from "#lib/domain/decision/statement.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";

/** What the signatures of a decision are over. */
export function ReviewStatement({
  decision,
  statement,
}: {
  decision: DecisionView;
  statement: Statement;
}) {
  return (
    <SignedStatement
      title={
        decision.state === "proposed"
          ? "The statement, as it will be signed"
          : "The statement, as it was put to signature"
      }
      sentences={statementSentences(statement)}
      statement={decision.statement}
      statementSha256={decision.statementSha256}
    />
  );
}
