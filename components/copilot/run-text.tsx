"use client";

import { WrapText } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import { findHits, rawSegments } from "#components/marks/raw-segments.ts";
import type { Span } from "#components/marks/raw-segments.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { FindBox } from "#components/ui/find-box.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { pagesOf } from "./text-pages.ts";
import type { TextPage } from "./text-pages.ts";

type Props = {
  text: string;
  /** What it is: "evidence", "answer". */
  what: string;
  /** Chooses what is shown, at the left of the tools. */
  choice?: ReactNode;
};

/** A long text exactly as it is stored: searched, copied, with what hides in it shown by name. */
export function RunText({ text, what, choice }: Props) {
  const [wrap, setWrap] = useState(true);
  const [needle, setNeedle] = useState("");
  const [current, setCurrent] = useState(0);
  const deferred = useDeferredValue(needle);
  const hits = useMemo(() => findHits(text, deferred), [text, deferred]);
  const pages = useMemo(() => pagesOf(text), [text]);
  const body = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (hits.length === 0) return;
    body.current?.querySelector(`[data-hit="${current}"]`)?.scrollIntoView({ block: "center" });
  }, [current, hits]);
  const step = (by: number) =>
    setCurrent((at) => (hits.length ? (at + by + hits.length) % hits.length : 0));
  return (
    <div className="flex min-h-0 flex-col">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 pb-2">
        {choice}
        <FindBox
          className="h-7 min-w-40 border border-line-strong/70 focus-within:border-accent"
          what={what}
          needle={needle}
          hits={hits.length}
          current={current}
          onStep={step}
          onNeedle={(value) => {
            setNeedle(value);
            setCurrent(0);
          }}
        />
        <IconButton
          size="sm"
          label="Wrap long lines"
          pressed={wrap}
          icon={<WrapText className="size-3.5" strokeWidth={1.5} aria-hidden />}
          onClick={() => setWrap(!wrap)}
        />
        <CopyButton value={text} what={what} words />
      </div>
      <pre
        ref={body}
        role="region"
        tabIndex={0}
        data-voice="record"
        aria-label={`Exact text: ${what}`}
        className={cx(
          "record max-h-[calc(100dvh-13.5rem)] min-h-24 overflow-auto rounded-control bg-sunken px-3 py-2 text-text",
          wrap ? "whitespace-pre-wrap wrap-anywhere" : "whitespace-pre",
        )}
      >
        {pages.map((page) => (
          <Page key={page.start} page={page} hits={hits} current={current} />
        ))}
      </pre>
    </div>
  );
}

type PageProps = { page: TextPage; hits: readonly Span[]; current: number };

/** A stretch of whole lines. What is out of view costs no layout, so that a million characters still scroll. */
function Page({ page, hits, current }: PageProps) {
  const inside = hits.flatMap((hit, index) =>
    hit.start < page.end && hit.end > page.start
      ? [{ index, start: hit.start - page.start, end: hit.end - page.start }]
      : [],
  );
  const segments = rawSegments(page.text, null, inside);
  return (
    <span className="block [content-visibility:auto] [contain-intrinsic-size:auto_600px]">
      {segments.map((segment) => {
        const shown = <HostileText key={segment.start} text={segment.text} lines />;
        const hit = segment.hit === null ? undefined : inside[segment.hit];
        if (!hit) return shown;
        return (
          <mark
            key={segment.start}
            data-hit={hit.index}
            className={cx(
              "rounded-[2px] text-text",
              hit.index === current ? "bg-warn/55" : "bg-warn/25",
            )}
          >
            {shown}
          </mark>
        );
      })}
    </span>
  );
}
