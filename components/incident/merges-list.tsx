import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonText } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { MergeView } from "#lib/contracts/similar-views.ts";

type Props = {
  merges: readonly MergeView[];
  mayUndo: boolean;
  onUndo: (merge: MergeView) => void;
};

/** What was merged into this incident by hand, by whom and why, and how to take it apart. */
export function MergesList({ merges, mayUndo, onUndo }: Props) {
  if (merges.length === 0) return null;
  return (
    <ul aria-label="Merged into this one" className="border-b">
      {merges.map((merge) => {
        const { id, from, person, at, reason, count, mayNotUndo } = merge;
        return (
          <li key={id} className="flex flex-col gap-1 border-b px-3 py-2.5 last:border-b-0">
            <div className="flex flex-wrap items-center gap-2 text-sm">
              <IncidentNumber number={from.number} />
              <span className="text-dim">
                merged into this one with {count.toLocaleString("en")}{" "}
                {count === 1 ? "record" : "records"}
              </span>
              {mayUndo && mayNotUndo === null ? (
                <Button
                  size="sm"
                  tone="quiet"
                  className="ml-auto"
                  aria-label={`Undo the merge of ${from.number}`}
                  onClick={() => onUndo(merge)}
                >
                  Undo
                </Button>
              ) : null}
            </div>
            <PersonText
              name={person.name}
              role={person.role}
              when={<RelativeTime at={at} />}
              className="text-sm"
            >
              <HostileText text={reason} lines />
            </PersonText>
            {mayNotUndo ? <p className="text-xs text-dim">Not to be undone: {mayNotUndo}</p> : null}
          </li>
        );
      })}
    </ul>
  );
}
