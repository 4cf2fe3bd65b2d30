"use client";

import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import type { EvaluationView, ModelConfigView } from "#lib/contracts/copilot-views.ts";
import { activationSentences } from "#lib/domain/copilot/activation-sentences.ts";

/** As the database made it, for this reason. */
export type ShownStatement = { statement: string; statementSha256: string; reason: string };

type Props = {
  shown: ShownStatement | null;
  config: ModelConfigView;
  evaluation: EvaluationView;
};

/** What an activation signs, or what is missing before there is something to sign. */
export function ActivationStatement({ shown, config, evaluation }: Props) {
  if (!shown) {
    return (
      <EmptyState flush title="Nothing to sign yet">
        Write why below. The statement is then made by the database, word for word as it will be
        signed, and shown here.
      </EmptyState>
    );
  }
  const { statement, statementSha256 } = shown;
  const sentences = activationSentences(statement, { config, evaluation });
  return (
    <SignedStatement
      title="The statement, as it will be signed"
      sentences={sentences}
      statement={statement}
      statementSha256={statementSha256}
    >
      {sentences ? null : (
        <Notice tone="danger">
          This statement does not speak of this profile and this evaluation. Do not sign it; load
          the page anew.
        </Notice>
      )}
    </SignedStatement>
  );
}
