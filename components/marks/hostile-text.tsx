import type { ReactNode } from "react";
import { displayRuns } from "#lib/domain/evidence/display.ts";
import type { DisplayRun } from "#lib/domain/evidence/display.ts";
import { cx } from "#components/ui/cx.ts";

/** A span `[start, end)` in UTF-16 offsets of the text. The first span of tone `cited` gets `id`. */
export type TextMark = {
  start: number;
  end: number;
  tone: "cited" | "uncovered" | "found" | "differs";
  id?: string;
  /** What the mark means, for whoever points at it. */
  title?: string;
};

export type HostileTextProps = {
  /** Any string that came from evidence, from a model or from outside. */
  text: string;
  marks?: readonly TextMark[];
  /** Keep line feeds and tabs, and wrap. */
  lines?: boolean;
  className?: string;
};

const NO_MARKS: readonly TextMark[] = [];

const TONES: Record<TextMark["tone"], string> = {
  cited: "rounded-[2px] bg-accent/28 text-text outline outline-1 outline-accent/60",
  uncovered:
    "bg-transparent text-inherit underline decoration-dashed decoration-1 decoration-dim underline-offset-3",
  found: "rounded-[2px] bg-warn/25 text-text",
  differs:
    "rounded-[2px] bg-warn/25 text-text underline decoration-warn decoration-2 underline-offset-2",
};

/**
 * Shows a string exactly: left to right whatever it contains, every character that hides or reorders text
 * as a visible chip, and nothing in it ever becomes markup.
 */
export function HostileText({
  text,
  marks = NO_MARKS,
  lines = false,
  className,
}: HostileTextProps) {
  const runs = displayRuns(text, { lines, cuts: marks.flatMap((mark) => [mark.start, mark.end]) });
  return (
    <bdi dir="ltr" className={cx("wrap-anywhere", lines && "whitespace-pre-wrap", className)}>
      {groupByMark(runs, marks).map(({ mark, runs: inside, start }) =>
        mark ? (
          <mark
            key={start}
            id={mark.start === start ? mark.id : undefined}
            data-tone={mark.tone}
            title={mark.title}
            className={TONES[mark.tone]}
          >
            {inside.map(renderRun)}
          </mark>
        ) : (
          inside.map(renderRun)
        ),
      )}
    </bdi>
  );
}

function renderRun(run: DisplayRun): ReactNode {
  if (run.kind === "plain") return run.text;
  return <HiddenChip key={run.start} code={run.code} name={run.name} />;
}

function HiddenChip({ code, name }: { code: string; name: string }) {
  return (
    <span
      title={`${name} (${code}), shown instead of the character`}
      className="mx-px rounded-[3px] bg-warn/20 px-0.5 font-mono text-[0.85em] text-warn"
    >
      {`\u27E8${code}\u27E9`}
    </span>
  );
}

type Group = { mark: TextMark | null; start: number; runs: DisplayRun[] };

function groupByMark(runs: DisplayRun[], marks: readonly TextMark[]): Group[] {
  const groups: Group[] = [];
  for (const run of runs) {
    const mark = marks.find((each) => each.start < run.end && run.start < each.end) ?? null;
    const last = groups.at(-1);
    if (last && last.mark === mark) last.runs.push(run);
    else groups.push({ mark, start: run.start, runs: [run] });
  }
  return groups;
}
