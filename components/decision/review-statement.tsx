"use client";

import { useEffect, useState } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { RecordText } from "#components/marks/voices.tsx";
import type { DecisionView } from "#lib/contracts/views.ts";
import { statementSentences } from "#lib/domain/decision/statement.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";

type Look = "words" | "exact";

/** The statement in plain sentences, and byte for byte as it is signed one key away. */
export function ReviewStatement({
  decision,
  statement,
}: {
  decision: DecisionView;
  statement: Statement;
}) {
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
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-xs font-medium text-dim">
          {decision.state === "proposed"
            ? "The statement, as it will be signed"
            : "The statement, as it was put to signature"}
        </h2>
        <Segmented
          label="How the statement is shown"
          value={look}
          options={[
            { value: "words", label: "In words" },
            { value: "exact", label: "Exact text  x" },
          ]}
          onChange={setLook}
        />
      </div>
      {look === "words" ? (
        <Sentences sentences={statementSentences(statement)} />
      ) : (
        <RecordText wrap className="max-h-[55vh] overflow-y-auto">
          <HostileText text={decision.statement} lines />
        </RecordText>
      )}
      <p className="flex items-center gap-1 text-2xs text-faint">
        SHA-256 of the exact text
        <span className="record text-2xs break-all text-dim">{decision.statementSha256}</span>
        <CopyButton value={decision.statementSha256} what="statement SHA-256" />
      </p>
    </div>
  );
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  const [meaning, ...rest] = sentences;
  return (
    <div className="flex flex-col gap-2.5 text-[15px] leading-6">
      <p className="text-lg leading-7 font-medium">{meaning}</p>
      {rest.map((sentence, index) => (
        <p key={index} className={sentence.startsWith("- ") ? "pl-4 text-warn" : undefined}>
          <HostileText text={sentence.replace(/^- /, "")} lines />
        </p>
      ))}
    </div>
  );
}
