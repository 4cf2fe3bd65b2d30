"use client";

import { useEffect, useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { RecordText } from "#components/marks/voices.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import type { EvaluationView, ModelConfigView } from "#lib/contracts/copilot-views.ts";
import { activationSentences } from "#lib/domain/copilot/activation-sentences.ts";

/** As the database made it, for this reason. */
export type ShownStatement = { statement: string; statementSha256: string; reason: string };

type Look = "words" | "exact";
type Props = {
  shown: ShownStatement | null;
  config: ModelConfigView;
  evaluation: EvaluationView;
};

/** The statement in plain sentences, and byte for byte as it is signed one key away. */
export function ActivationStatement({ shown, config, evaluation }: Props) {
  const [look, setLook] = useState<Look>("words");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea");
      if (event.key !== "x" || typing || event.metaKey || event.ctrlKey || event.altKey) return;
      setLook((before) => (before === "words" ? "exact" : "words"));
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  if (!shown) {
    return (
      <EmptyState flush title="Nothing to sign yet">
        Write why below. The statement is then made by the database, word for word as it will be
        signed, and shown here.
      </EmptyState>
    );
  }
  const sentences = activationSentences(shown.statement, { config, evaluation });
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-xs font-medium text-dim">The statement, as it will be signed</h2>
        {sentences ? (
          <Segmented
            label="How the statement is shown"
            value={look}
            options={[
              { value: "words", label: "In words" },
              { value: "exact", label: "Exact text  x" },
            ]}
            onChange={setLook}
          />
        ) : null}
      </div>
      {sentences ? null : (
        <Notice tone="danger">
          This statement does not speak of this profile and this evaluation. Do not sign it; load
          the page anew.
        </Notice>
      )}
      {sentences && look === "words" ? (
        <Sentences sentences={sentences} />
      ) : (
        <RecordText wrap className="max-h-[55vh] overflow-y-auto">
          <HostileText text={shown.statement} lines />
        </RecordText>
      )}
      <p className="flex items-center gap-1 text-2xs text-faint">
        SHA-256 of the exact text
        <span className="record text-2xs break-all text-dim">{shown.statementSha256}</span>
        <CopyButton value={shown.statementSha256} what="statement SHA-256" />
      </p>
    </div>
  );
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  const [meaning, ...rest] = sentences;
  return (
    <div className="flex flex-col gap-2.5 text-[15px] leading-6">
      <p className="text-lg leading-7 font-medium">
        <HostileText text={meaning ?? ""} />
      </p>
      {rest.map((sentence) => (
        <p key={sentence}>
          <HostileText text={sentence} lines />
        </p>
      ))}
    </div>
  );
}
