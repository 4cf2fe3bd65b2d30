"use client";

import { CornerDownRight } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import type { NextQuestion } from "#lib/domain/summary/next-questions.ts";

type Props = {
  questions: readonly NextQuestion[];
  /** Null where nothing can be asked: they are worth reading all the same. */
  onChoose: ((text: string) => void) | null;
};

/** What the summaries leave open, as questions. Code writes them, from gaps and claims that do not stand. */
export function Suggestions({ questions, onChoose }: Props) {
  return (
    <div>
      <h2 className="mb-1 text-2xs font-medium text-dim">What the summaries leave open</h2>
      <ul className="flex flex-col">
        {questions.map(({ text, because }) => (
          <li key={text} className="py-0.5">
            {onChoose ? (
              <button
                type="button"
                onClick={() => onChoose(text)}
                className="-mx-2 flex w-full gap-2 rounded-control px-2 py-1 text-left hover:bg-hover"
              >
                <CornerDownRight
                  className="mt-[3px] size-3.5 shrink-0 text-faint"
                  strokeWidth={1.5}
                  aria-hidden
                />
                <Question text={text} because={because} />
              </button>
            ) : (
              <div className="py-1">
                <Question text={text} because={because} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Question({ text, because }: NextQuestion) {
  return (
    <span className="min-w-0">
      <span className="block wrap-anywhere">
        <HostileText text={text} />
      </span>
      <span className="block text-2xs text-faint">
        <HostileText text={because} />
      </span>
    </span>
  );
}
