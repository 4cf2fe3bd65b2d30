import { ListTree, TriangleAlert } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState } from "#components/ui/states.tsx";

const WIDTHS = ["w-3/5", "w-2/5", "w-1/2", "w-3/4", "w-1/3", "w-2/3"];

/** Rows where rows will be. */
export function ThreadSkeleton() {
  return (
    <div className="flex-1 overflow-hidden">
      <LoadingNote>Loading the thread</LoadingNote>
      <div className="flex h-7 items-center px-3">
        <Skeleton className="h-3 w-24" />
      </div>
      {Array.from({ length: 24 }, (_, index) => (
        <div key={index} className="flex h-8 items-center gap-3 px-3">
          <Skeleton className="h-3 w-14" />
          <Skeleton className="size-3" />
          <Skeleton className={`h-3 ${WIDTHS[index % WIDTHS.length]}`} />
        </div>
      ))}
    </div>
  );
}

export function ThreadEmpty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {filtered ? (
        <EmptyState
          icon={<ListTree />}
          title="No record matches"
          action={<Button onClick={onClear}>Clear the filters</Button>}
        >
          The records are all still here; the filters hide them.
        </EmptyState>
      ) : (
        <EmptyState icon={<ListTree />} title="Nothing has happened here yet">
          Records, notes, model runs and decisions appear in this thread in the order of time.
        </EmptyState>
      )}
    </div>
  );
}

/** That the thread ends before the incident does. */
export function ThreadCapped({ records }: { records: number }) {
  return (
    <p className="shrink-0 border-b px-3 py-1.5 text-xs text-dim">
      These are the first {records.toLocaleString("en")} records. Filter by time or text to see
      those after them.
    </p>
  );
}

/** That more was done than the thread tells. */
export function ActsCapped() {
  return (
    <p className="shrink-0 border-b px-3 py-1.5 text-xs text-dim">
      Of the notes, model runs, decisions and signatures these are the newest 2,000. Filter by time
      to see those before them.
    </p>
  );
}

export function RecordsFailed({ why, onRetry }: { why: string; onRetry: () => void }) {
  return (
    <div
      role="alert"
      className="flex min-h-9 shrink-0 items-center gap-2 border-b px-3 py-1 text-xs text-text"
    >
      <TriangleAlert className="size-3.5 shrink-0 text-warn" strokeWidth={1.5} aria-hidden />
      <span className="min-w-0 flex-1">
        Some lines could not be loaded. {why} The evidence is safe in the database.
      </span>
      <Button size="sm" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
