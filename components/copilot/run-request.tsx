"use client";

import { useMemo, useState } from "react";
import { Segmented } from "#components/ui/segmented.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { requestParts } from "#lib/domain/copilot/request-parts.ts";
import type { RequestPart } from "#lib/domain/copilot/request-parts.ts";
import { RunText } from "./run-text.tsx";

const ROLE_WORDS: Record<RequestPart["role"], string> = {
  system: "System",
  evidence: "Evidence",
  question: "Question",
};
const EXACT = "exact";

/** What was sent: its parts one by one, and the body byte for byte. */
export function RunRequest({ request }: { request: string | null }) {
  const parts = useMemo(() => (request === null ? null : requestParts(request)), [request]);
  const [shown, setShown] = useState("0");
  if (request === null) {
    return (
      <EmptyState flush title="Nothing was sent yet">
        The request is written when the run starts, and stored before it leaves.
      </EmptyState>
    );
  }
  const part = shown === EXACT ? undefined : parts?.[Number(shown)];
  const what = part ? partWords(part).toLowerCase() : "request body";
  const choice = parts ? (
    <Segmented
      label="Part of the request"
      value={part ? shown : EXACT}
      onChange={setShown}
      options={[
        ...parts.map((each, index) => ({ value: String(index), label: partWords(each) })),
        { value: EXACT, label: "Exact body" },
      ]}
    />
  ) : null;
  return <RunText key={what} text={part?.text ?? request} what={what} choice={choice} />;
}

function partWords({ role, number, of }: RequestPart): string {
  return of > 1 ? `${ROLE_WORDS[role]} ${number}` : ROLE_WORDS[role];
}
