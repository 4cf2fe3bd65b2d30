"use client";

import { ChevronDown, Lightbulb } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { COPILOT_LIMITS } from "#lib/contracts/limits.ts";
import type { NextQuestion } from "#lib/domain/summary/next-questions.ts";
import { ASK_ID } from "./ask-id.ts";
import { Suggestions } from "./suggestions.tsx";
import { useSummaryLinks } from "./summary-links.tsx";
import type { Asking, AskKind } from "./use-asking.ts";

/** Fewer characters left than this are told. */
const FEW = 300;

type Props = {
  asking: Asking;
  /** What of this person's is not answered yet. */
  openKind: AskKind | null;
  suggestions: readonly NextQuestion[];
};

/** Asks the model, or has it draft a text; what is typed then says what the draft should tell. */
export function AskComposer({ asking, openKind, suggestions }: Props) {
  const { text, setText, failed, pending, ask } = asking;
  const left = COPILOT_LIMITS.question - text.length;
  const waits = openKind === "answer";
  return (
    <form
      className="flex shrink-0 flex-col gap-1.5 border-t px-3 py-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!waits) ask("answer");
      }}
    >
      <div className="border-l-2 border-accent pl-2">
        <textarea
          id={ASK_ID}
          rows={1}
          value={text}
          maxLength={COPILOT_LIMITS.question}
          aria-label="Question"
          aria-invalid={failed ? true : undefined}
          aria-describedby="ask-limits"
          placeholder="Ask about this incident  q"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
            if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && !waits) ask("answer");
          }}
          className="block field-sizing-content max-h-48 min-h-6 w-full resize-none bg-transparent py-0.5 text-sm focus-visible:outline-none"
        />
      </div>
      <div className="flex min-h-6 flex-wrap items-center gap-1.5">
        <p id="ask-limits" className="min-w-0 flex-1 text-2xs text-faint">
          {left < FEW
            ? `${left.toLocaleString("en")} characters left.`
            : waits
              ? "One at a time: your last is being answered."
              : "Secrets are masked."}{" "}
          <PreviewLink question={text.trim()} />
        </p>
        {suggestions.length > 0 ? (
          <SuggestionsButton questions={suggestions} onChoose={setText} />
        ) : null}
        <DraftMenu pending={pending} onDraft={ask} />
        {text.trim() && !waits ? (
          <Button type="submit" size="sm" tone="primary" pending={pending} keys="Ctrl ↵">
            Ask
          </Button>
        ) : null}
      </div>
      {failed ? (
        <p role="alert" className="text-xs text-danger">
          {failed} Your words are still here.
        </p>
      ) : null}
    </form>
  );
}

/** In a tab of its own, so that what is typed stays. */
function PreviewLink({ question }: { question: string }) {
  const { incidentNumber } = useSummaryLinks();
  const search = new URLSearchParams({ kind: "answer", ...(question ? { question } : {}) });
  return (
    <Link
      href={`/incidents/${incidentNumber}/prompt?${search}`}
      target="_blank"
      prefetch={false}
      className="text-dim underline decoration-line-strong underline-offset-2 hover:text-text"
    >
      See what is sent
    </Link>
  );
}

function DraftMenu({ pending, onDraft }: { pending: boolean; onDraft: (kind: AskKind) => void }) {
  return (
    <Menu
      side="top"
      align="end"
      trigger={
        <Button size="sm" tone="quiet" pending={pending}>
          Draft
          <ChevronDown className="size-3.5 text-faint" strokeWidth={1.5} aria-hidden />
        </Button>
      }
    >
      <MenuItem onSelect={() => onDraft("note")}>A note for the thread</MenuItem>
      <MenuItem onSelect={() => onDraft("handover")}>A hand-over to the next shift</MenuItem>
      <MenuItem onSelect={() => onDraft("message")}>A message to the affected user</MenuItem>
    </Menu>
  );
}

type SuggestionsProps = {
  questions: readonly NextQuestion[];
  onChoose: (text: string) => void;
};

function SuggestionsButton({ questions, onChoose }: SuggestionsProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      side="top"
      align="end"
      title="Suggested questions"
      titleHidden
      trigger={
        <Button
          size="sm"
          tone="quiet"
          icon={<Lightbulb className="size-3.5" strokeWidth={1.5} aria-hidden />}
        >
          {questions.length === 1 ? "1 suggestion" : `${questions.length} suggestions`}
        </Button>
      }
    >
      <Suggestions
        questions={questions}
        onChoose={(text) => {
          setOpen(false);
          onChoose(text);
        }}
      />
    </Popover>
  );
}
