"use client";

import { ArrowLeft } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState, type SubmitEvent } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { PreviewQuery } from "#lib/contracts/copilot-inputs.ts";
import { COPILOT_LIMITS } from "#lib/contracts/limits.ts";
import type { PreviewView } from "#lib/contracts/copilot-views.ts";
import type { IncidentHead } from "#lib/contracts/views.ts";
import { RUN_KIND_WORDS } from "#lib/domain/copilot/words.ts";
import { PreviewFacts } from "./preview-facts.tsx";
import { RunRequest } from "./run-request.tsx";

const KINDS = ["summary", "answer", "note", "handover", "message"] as const;

type Props = {
  incident: Pick<IncidentHead, "number" | "title">;
  asked: PreviewQuery;
  preview: PreviewView;
};

/** Exactly what a model would be sent of an incident now, and what was kept from it. */
export function Preview({ incident, asked, preview }: Props) {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-3 py-1.5">
        <ButtonLink
          size="sm"
          tone="quiet"
          href={`/incidents/${incident.number}`}
          icon={<ArrowLeft className="size-3.5" strokeWidth={1.5} aria-hidden />}
        >
          {incident.number}
        </ButtonLink>
        <h1 className="text-lg font-semibold">What would be sent</h1>
        <span className="min-w-0 flex-1 truncate text-dim">
          <HostileText text={incident.title} />
        </span>
      </header>
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto md:grid-cols-[360px_minmax(0,1fr)] md:overflow-hidden">
        <aside
          aria-label="Facts of the request"
          tabIndex={0}
          className="border-line px-4 py-4 outline-offset-[-2px] md:overflow-y-auto md:border-r"
        >
          <PreviewFacts preview={preview} />
        </aside>
        <div className="flex min-w-0 flex-col gap-3 px-5 py-3 md:overflow-y-auto">
          <Choice number={incident.number} asked={asked} />
          {preview.config.isInForce ? null : (
            <Notice tone="warn">
              No model is in force: nothing is sent. This is what the model saved last would get.
            </Notice>
          )}
          <RunRequest request={preview.request} />
        </div>
      </div>
    </div>
  );
}

function Choice({ number, asked }: { number: string; asked: PreviewQuery }) {
  const router = useRouter();
  const [question, setQuestion] = useState(asked.question ?? "");
  const show = (kind: string, wanted: string) => {
    const search = new URLSearchParams({ kind, ...(wanted === "" ? {} : { question: wanted }) });
    router.replace(`/incidents/${number}/prompt?${search.toString()}`);
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    show(asked.kind, question.trim());
  };
  return (
    <form onSubmit={onSubmit} className="flex flex-wrap items-end gap-2">
      <Segmented
        label="What for"
        value={asked.kind}
        options={KINDS.map((kind) => ({ value: kind, label: RUN_KIND_WORDS[kind] }))}
        onChange={(kind) => show(kind, kind === "summary" ? "" : question.trim())}
      />
      {asked.kind === "summary" ? null : (
        <>
          <div className="min-w-60 flex-1">
            <TextField
              label={asked.kind === "answer" ? "Question" : "What it should say"}
              labelHidden
              placeholder={asked.kind === "answer" ? "Question" : "What it should say"}
              maxLength={COPILOT_LIMITS.question}
              value={question}
              onChange={(event) => setQuestion(event.currentTarget.value)}
            />
          </div>
          <Button type="submit">Show</Button>
        </>
      )}
    </form>
  );
}
