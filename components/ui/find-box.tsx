"use client";

import { ArrowDown, ArrowUp, Search } from "lucide-react";
import { IconButton } from "./icon-button.tsx";
import { cx } from "./cx.ts";

type Props = {
  /** What is searched: "raw text". */
  what: string;
  needle: string;
  hits: number;
  /** Which hit is shown, from 0. */
  current: number;
  onStep: (by: number) => void;
  onNeedle: (needle: string) => void;
  className?: string;
};

/** Looks for words in a text beside it: Enter goes to the next hit, Shift with it to the one before. */
export function FindBox({ what, needle, hits, current, onStep, onNeedle, className }: Props) {
  return (
    <>
      <div
        className={cx(
          "flex min-w-0 flex-1 items-center gap-1.5 rounded-control px-1.5 text-faint",
          className,
        )}
      >
        <Search className="size-3.5 shrink-0" strokeWidth={1.5} aria-hidden />
        <input
          type="search"
          aria-label={`Find in the ${what}`}
          placeholder={`Find in the ${what}`}
          value={needle}
          onChange={(event) => onNeedle(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
          }}
          className="h-full min-w-0 flex-1 bg-transparent text-xs text-text focus-visible:outline-none"
        />
        <span role="status" className="text-2xs tabular-nums">
          {needle ? (hits ? `${current + 1} of ${hits}` : "not found") : ""}
        </span>
      </div>
      {needle && hits > 1 ? (
        <>
          <IconButton
            size="sm"
            label="Previous hit"
            icon={<ArrowUp className="size-3.5" strokeWidth={1.5} aria-hidden />}
            onClick={() => onStep(-1)}
          />
          <IconButton
            size="sm"
            label="Next hit"
            icon={<ArrowDown className="size-3.5" strokeWidth={1.5} aria-hidden />}
            onClick={() => onStep(1)}
          />
        </>
      ) : null}
    </>
  );
}
