"use client";

import { useState, useTransition } from "react";
import { useHeldText } from "#components/ui/held-text.tsx";
import { requestRun } from "#lib/actions/request-run.ts";
import { reached } from "#lib/browser/reached.ts";
import type { RunKind } from "#lib/domain/copilot/run.ts";

export type AskKind = Extract<RunKind, "answer" | "note" | "handover" | "message">;

/** What is being typed and sent. Nothing typed is lost on a refusal. */
export function useAsking(incidentId: string, onChanged: () => void) {
  const [text, setText] = useHeldText("question");
  const [failed, setFailed] = useState<string | null>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const send = (kind: AskKind, words: string, onSent?: () => void) => {
    if (pending || (kind === "answer" && words === "")) return;
    start(async () => {
      const about = { incidentId, idem: crypto.randomUUID() };
      const result = await reached(
        requestRun(
          kind === "answer"
            ? { ...about, kind, question: words }
            : { ...about, kind, question: words || null },
        ),
      );
      setFailed(result.ok ? null : result.message);
      if (!result.ok) return;
      onSent?.();
      setAsked(result.data.runId);
      onChanged();
    });
  };
  return {
    text,
    setText,
    failed,
    /** The run this reader has asked for last. */
    asked,
    pending,
    ask: (kind: AskKind) => send(kind, text.trim(), () => setText("")),
    again: (kind: AskKind, question: string | null) => send(kind, question ?? ""),
  };
}

export type Asking = ReturnType<typeof useAsking>;
