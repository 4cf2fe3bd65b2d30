"use client";

import { WrapText } from "lucide-react";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { FindBox } from "#components/ui/find-box.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { Notice } from "#components/ui/states.tsx";
import { sizeWords } from "#lib/domain/evidence/by-hand.ts";
import type { EvidenceView } from "#lib/contracts/views.ts";
import { findHits, rawSegments } from "#components/marks/raw-segments.ts";
import type { RawSegment, Span } from "#components/marks/raw-segments.ts";

/** The record exactly as it came, never reformatted; hidden characters stand as chips. */
export function RawView({ record, span }: { record: EvidenceView; span: Span | null }) {
  const [wrap, setWrap] = useState(true);
  const [needle, setNeedle] = useState("");
  const [current, setCurrent] = useState(0);
  const deferred = useDeferredValue(needle);
  const hits = useMemo(() => findHits(record.raw, deferred), [record.raw, deferred]);
  const segments = useMemo(() => rawSegments(record.raw, span, hits), [record.raw, span, hits]);
  const body = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (span) body.current?.querySelector("[data-cited]")?.scrollIntoView({ block: "center" });
  }, [span]);
  useEffect(() => {
    if (hits.length === 0) return;
    body.current?.querySelector(`[data-hit="${current}"]`)?.scrollIntoView({ block: "center" });
  }, [current, hits]);
  const step = (by: number) =>
    setCurrent((at) => (hits.length ? (at + by + hits.length) % hits.length : 0));
  return (
    <>
      <RawTools
        needle={needle}
        onNeedle={(value) => {
          setNeedle(value);
          setCurrent(0);
        }}
        hits={hits.length}
        current={current}
        onStep={step}
        wrap={wrap}
        onWrap={() => setWrap(!wrap)}
        record={record}
      />
      {record.shownBytes === null ? null : (
        <Notice className="mx-3 mb-2">
          The first {sizeWords(record.shownBytes)} of {sizeWords(record.bytes)}, as text. The digest
          is of all of it; the whole is behind “Download the bytes” under Fields.
        </Notice>
      )}
      {record.rawBase64 ? (
        <Notice tone="warn" className="mx-3 mb-2">
          These bytes are not valid UTF-8. What could not be read is shown as U+FFFD; the digest is
          of the bytes as they came.
        </Notice>
      ) : null}
      <pre
        ref={body}
        tabIndex={0}
        aria-label="Raw text of the record"
        className={cx(
          "record min-h-0 flex-1 overflow-auto border-t bg-sunken px-3 py-2 text-text outline-offset-[-2px]",
          wrap ? "break-all whitespace-pre-wrap" : "whitespace-pre",
        )}
      >
        {segments.map((segment) => (
          <Segment key={segment.start} segment={segment} current={current} />
        ))}
      </pre>
    </>
  );
}

function Segment({ segment, current }: { segment: RawSegment; current: number }) {
  const { text, marked, hit } = segment;
  const shown = <HostileText text={text} lines />;
  if (!marked && hit === null) return shown;
  return (
    <mark
      data-cited={marked || undefined}
      data-hit={hit ?? undefined}
      className={cx(
        "rounded-[2px] text-text",
        marked && "bg-accent/30 shadow-[0_0_0_1px_var(--accent)]",
        hit !== null && (hit === current ? "bg-warn/55" : "bg-warn/25"),
      )}
    >
      {shown}
    </mark>
  );
}

type ToolsProps = {
  needle: string;
  onNeedle: (value: string) => void;
  hits: number;
  current: number;
  onStep: (by: number) => void;
  wrap: boolean;
  onWrap: () => void;
  record: EvidenceView;
};

function RawTools({ needle, onNeedle, hits, current, onStep, wrap, onWrap, record }: ToolsProps) {
  return (
    <div className="flex h-8 shrink-0 items-center gap-1 px-2">
      <FindBox
        className="h-6 focus-within:bg-sunken"
        what="raw text"
        needle={needle}
        hits={hits}
        current={current}
        onStep={onStep}
        onNeedle={onNeedle}
      />
      <span className="record mx-1 text-2xs text-faint" title={`SHA-256 ${record.sha256}`}>
        {record.sha256.slice(0, 12)}…
      </span>
      <CopyButton value={record.sha256} what="SHA-256" />
      <IconButton
        size="sm"
        label="Wrap long lines"
        pressed={wrap}
        icon={<WrapText className="size-3.5" strokeWidth={1.5} aria-hidden />}
        onClick={onWrap}
      />
      <CopyButton value={record.raw} what="raw text" words size="sm" />
    </div>
  );
}
