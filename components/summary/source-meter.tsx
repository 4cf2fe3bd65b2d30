"use client";

import { ChevronRight, CircleCheck, TriangleAlert } from "lucide-react";
import dynamic from "next/dynamic";
import { useId, useState } from "react";
import { counted } from "#components/ui/amount.ts";
import { cx } from "#components/ui/cx.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { later, soon } from "#components/ui/later.tsx";
import { spanWords } from "#components/ui/time-words.ts";
import type { SourceHealthView } from "#lib/contracts/views.ts";
import { shareWords, skewWords, sourcesLine } from "./source-words.ts";

const SourceTable = later(
  dynamic(soon(async () => (await import("./source-table.tsx")).SourceTable)),
);

/** How complete and fresh the evidence is, in one line; pressed, source by source. */
export function SourceMeter({ sources }: { sources: readonly SourceHealthView[] }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  if (sources.length === 0) return null;
  return (
    <section aria-label="Completeness of the evidence" className="shrink-0 border-t">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex min-h-8 w-full items-center gap-1.5 px-3 py-1 text-left text-xs text-dim hover:bg-hover"
      >
        <Line sources={sources} />
        <ChevronRight
          className={cx("ml-auto size-3.5 shrink-0 transition-transform", open && "rotate-90")}
          strokeWidth={1.5}
          aria-hidden
        />
      </button>
      <div
        id={id}
        hidden={!open}
        role="region"
        aria-label="Source by source"
        tabIndex={0}
        className="max-h-64 overflow-auto px-3 pb-2 outline-offset-[-2px]"
      >
        {open ? <SourceTable sources={sources} /> : null}
      </div>
    </section>
  );
}

function Line({ sources }: { sources: readonly SourceHealthView[] }) {
  const line = sourcesLine(sources);
  const Icon = line.whole ? CircleCheck : TriangleAlert;
  const careful = (what: string) => <span className="text-text">{what}</span>;
  const facts = [
    careful(counted(line.sources, "source")),
    line.lastAt ? (
      <>
        last record <RelativeTime at={line.lastAt} />
      </>
    ) : null,
    line.gaps > 0 ? careful(counted(line.gaps, "gap")) : "no gaps",
    line.silent > 0 ? careful(`${line.silent} silent`) : null,
    line.refusedShare > 0 ? careful(`${shareWords(line.refusedShare)} refused`) : null,
    line.skewSeconds === null ? null : careful(`clock ${skewWords(line.skewSeconds, spanWords)}`),
  ].filter((fact) => fact !== null);
  return (
    <>
      <Icon
        className={cx("size-3.5 shrink-0", line.whole ? "text-ok" : "text-warn")}
        strokeWidth={1.5}
        aria-hidden
      />
      <span className="flex flex-wrap gap-x-1.5 tabular-nums">
        {facts.map((fact, index) => (
          <span key={index}>
            {fact}
            {index < facts.length - 1 ? (
              <span aria-hidden className="ml-1.5 text-faint">
                ·
              </span>
            ) : null}
          </span>
        ))}
      </span>
    </>
  );
}
