"use client";

import { HostileText } from "#components/marks/hostile-text.tsx";
import { InstructionLikeMark } from "#components/marks/instruction-like.tsx";
import type { SummaryView } from "#lib/contracts/views.ts";
import { useSummaryLinks } from "./summary-links.tsx";

/** The records a summary rests on that try to tell their reader what to do. */
export function InstructionLike({ found }: { found: SummaryView["instructionLike"] }) {
  const { onOpenRecord } = useSummaryLinks();
  if (found.count === 0) return null;
  const more = found.count - found.records.length;
  return (
    <section aria-label="Text that reads like an instruction" className="border-t pt-3">
      <h2 className="mb-1 flex items-center gap-1.5 text-xs font-medium text-text">
        <InstructionLikeMark />
        <span>
          {found.count === 1
            ? "1 record reads"
            : `${found.count.toLocaleString("en")} records read`}{" "}
          like an instruction to whoever reads it
        </span>
      </h2>
      <p className="mb-1 text-xs text-dim">
        Somebody may have written this for a model, or for you. It is evidence and nothing obeys it.
      </p>
      <ul className="flex flex-col">
        {found.records.map(({ evidenceId, label, title, cited }) => (
          <li key={evidenceId}>
            <button
              type="button"
              onClick={() => onOpenRecord(evidenceId)}
              className="flex h-7 w-full min-w-0 items-center gap-2 rounded-control px-1.5 text-left hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate">
                <HostileText text={title} />
              </span>
              {cited ? <span className="text-2xs text-warn">cited above</span> : null}
              <span className="record text-2xs text-faint">{label}</span>
            </button>
          </li>
        ))}
      </ul>
      {more > 0 ? (
        <p className="px-1.5 text-2xs text-faint">And {more.toLocaleString("en")} more.</p>
      ) : null}
    </section>
  );
}
