import { Split } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { SplitView } from "#lib/contracts/split-views.ts";

type Props = {
  splits: readonly SplitView[];
  mayUndo: boolean;
  pending: boolean;
  onUndo: (split: SplitView) => void;
};

const SHOWN = 3;

/** What went from this incident to one of its own, or the one that it came of; nothing when none of it stands. */
export function SplitsStrip({ splits, mayUndo, pending, onUndo }: Props) {
  if (splits.length === 0) return null;
  const more = splits.length - SHOWN;
  return (
    <section
      aria-label="Splits"
      className="shrink-0 border-b border-l-2 border-l-line-strong bg-surface px-3 py-1"
    >
      <ul aria-label="Splits">
        {splits.slice(0, SHOWN).map((split) => (
          <li key={split.id} className="flex min-h-6 items-center gap-2.5">
            <Split className="size-4 shrink-0 text-faint" strokeWidth={1.5} aria-hidden />
            <p className="min-w-0 flex-1 truncate">
              <Words split={split} />
              <span className="text-dim">
                {`, ${split.person.name}, `}
                <RelativeTime at={split.at} />
                {": "}
                <HostileText text={split.reason} />
              </span>
            </p>
            {mayUndo && split.mayNotUndo === null ? (
              <Button
                size="sm"
                tone="quiet"
                pending={pending}
                aria-label={`Undo the split of ${split.other.number}`}
                onClick={() => onUndo(split)}
              >
                Undo
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {more > 0 ? <p className="text-xs text-dim">{`And ${more} more, on the trail.`}</p> : null}
    </section>
  );
}

function Words({ split: { way, other, count } }: { split: SplitView }) {
  const records = count === 1 ? "1 record" : `${count.toLocaleString("en")} records`;
  const link = (
    <Link href={`/incidents/${other.number}`} className="text-accent underline underline-offset-2">
      {other.number}
    </Link>
  );
  return way === "out" ? (
    <>
      {records} went to {link}
    </>
  ) : (
    <>
      Split off {link} with {records}
    </>
  );
}
