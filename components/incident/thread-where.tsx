"use client";

import { ListFilter, TriangleAlert, X } from "lucide-react";
import { Fragment } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { tellingWords, whereSentence, whereWords } from "#lib/domain/evidence/where-words.ts";
import type { WhereWord } from "#lib/domain/evidence/where-words.ts";
import type { ThreadWhere } from "#lib/contracts/thread-views.ts";

type Props = {
  where: string;
  /** What the server made of it; null until it has answered. */
  found: ThreadWhere | null;
  onClear: () => void;
};

/** The query the thread is filtered by, in plain words, with how many records it holds for. */
export function ThreadWhereBar({ where, found, onClear }: Props) {
  if (found && !found.ok) {
    return (
      <p
        role="alert"
        className="flex min-h-9 shrink-0 items-center gap-2 border-b px-3 py-1 text-xs text-text"
      >
        <TriangleAlert className="size-3.5 shrink-0 text-warn" strokeWidth={1.5} aria-hidden />
        <span className="min-w-0 flex-1">
          The query in the address cannot be read: <HostileText text={found.reason} />. This is the
          whole thread.
        </span>
        <Remove label="Remove the query" onClear={onClear} />
      </p>
    );
  }
  const words = whereWords(where);
  return (
    <div
      role="group"
      aria-label="Query of the thread"
      className="flex min-h-9 shrink-0 items-center gap-2.5 border-b px-3 py-1 text-xs"
    >
      <span
        title={visibleText(words ? whereSentence(words) : where)}
        className="flex min-w-0 items-center gap-1.5 rounded-control bg-accent/12 py-0.5 pr-0.5 pl-1.5"
      >
        <ListFilter className="size-3.5 shrink-0 text-accent" strokeWidth={1.5} aria-hidden />
        <span className="line-clamp-2 min-w-0">
          {words ? <Words words={words} /> : <HostileText text={where} />}
        </span>
        <Remove label="Remove the query" onClear={onClear} />
      </span>
      <output className="shrink-0 text-dim tabular-nums">{countWords(found)}</output>
    </div>
  );
}

function Words({ words }: { words: readonly WhereWord[] }) {
  if (words.length === 0) return <>every record</>;
  return tellingWords(words).map((word, index) => (
    <Fragment key={index}>
      {index > 0 ? <span className="text-dim"> and </span> : null}
      <span className="text-dim">
        {word.field} {word.sign}{" "}
      </span>
      {word.value ? (
        <span className="record">
          <HostileText text={word.value} />
        </span>
      ) : null}
    </Fragment>
  ));
}

function Remove({ label, onClear }: { label: string; onClear: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClear}
      className="inline-flex size-5 shrink-0 items-center justify-center rounded-control text-dim hover:bg-hover hover:text-text"
    >
      <X className="size-3.5" strokeWidth={1.5} aria-hidden />
    </button>
  );
}

function countWords(found: ThreadWhere | null): string {
  if (!found?.ok) return "";
  const records = `${found.records.toLocaleString("en")} ${found.records === 1 ? "record" : "records"}`;
  return found.capped ? `${records} among the first 50,000` : records;
}
