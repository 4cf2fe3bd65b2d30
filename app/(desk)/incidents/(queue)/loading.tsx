import { QueueSkeleton } from "#components/incident/queue-states.tsx";

export default function QueueLoading() {
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="h-11 shrink-0 border-b" />
      <QueueSkeleton />
    </div>
  );
}
