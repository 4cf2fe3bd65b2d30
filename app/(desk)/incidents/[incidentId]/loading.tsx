import { ThreadSkeleton } from "#components/incident/thread-states.tsx";
import { SummarySkeleton } from "#components/summary/summary-pane.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";

/** The shape of an incident while it is read. */
export default function IncidentLoading() {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-14 shrink-0 items-center gap-3 border-b px-3">
        <Skeleton className="size-4" />
        <div className="flex flex-1 flex-col gap-1.5">
          <Skeleton className="h-4 w-80" />
          <Skeleton className="h-3 w-48" />
        </div>
        <Skeleton className="h-7 w-28" />
        <Skeleton className="h-7 w-20" />
        <Skeleton className="h-7 w-20" />
        <Skeleton className="h-7 w-20" />
      </div>
      <div className="h-11 shrink-0 border-b" />
      <div className="flex min-h-0 flex-1">
        <div className="flex min-h-0 w-full flex-col border-r md:w-[55%]">
          <div className="h-9 shrink-0 border-b" />
          <ThreadSkeleton />
        </div>
        <div className="hidden min-h-0 flex-1 flex-col md:flex">
          <div className="h-9 shrink-0 border-b" />
          <SummarySkeleton />
        </div>
      </div>
    </div>
  );
}
