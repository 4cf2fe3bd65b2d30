"use client";

import { useState } from "react";
import { ModelText } from "#components/marks/voices.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { RunView } from "#lib/contracts/copilot-views.ts";
import { isEnded } from "#lib/domain/copilot/run.ts";
import { RunText } from "./run-text.tsx";

/** What came back: the model's own text, and everything the server sent, byte for byte. */
export function RunAnswer({ run, text }: { run: RunView; text: string | null }) {
  const [look, setLook] = useState<"text" | "exact">("text");
  if (run.response === null) {
    return (
      <EmptyState flush title="No answer is stored">
        {isEnded(run.state)
          ? "The server gave none, or the run ended before it came."
          : "It is written here when it is whole; verified claims appear before."}
      </EmptyState>
    );
  }
  const readable = look === "text" ? text : null;
  const choice =
    text === null ? null : (
      <Segmented
        label="How the answer is shown"
        value={look}
        onChange={setLook}
        options={[
          { value: "text", label: "The model's text" },
          { value: "exact", label: "As it came" },
        ]}
      />
    );
  return (
    <ModelText model={run.modelAnswered ?? run.model} at={run.finishedAt}>
      <RunText key={look} text={readable ?? run.response} what="answer" choice={choice} />
    </ModelText>
  );
}
