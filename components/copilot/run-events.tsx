import { HostileText } from "#components/marks/hostile-text.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { RunEvent } from "#lib/contracts/copilot-views.ts";
import { RUN_STATE_WORDS } from "#lib/domain/copilot/words.ts";
import { STANDING_WORDS } from "#lib/domain/summary/claim.ts";

const KIND_WORDS: Record<RunEvent["kind"], string> = {
  started: "Started",
  claim: "Claim",
  notice: "Notice",
  done: "Ended",
};

/** The rows a screen was shown of this run, in their order: nothing else ever left for a screen. */
export function RunEvents({ events }: { events: readonly RunEvent[] }) {
  if (events.length === 0) {
    return (
      <EmptyState flush title="No event is stored">
        What a run brings is stored here before any screen shows it.
      </EmptyState>
    );
  }
  return (
    <div className="overflow-x-auto">
      <DataTable aria-label="Events of the run">
        <thead>
          <tr>
            <Th className="w-12 pl-0 text-right">No.</Th>
            <Th>Stored</Th>
            <Th>What</Th>
            <Th>Said</Th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <Tr key={event.seq}>
              <Td numeric className="pl-0 text-faint">
                {event.seq}
              </Td>
              <Td className="text-xs text-dim">
                <ExactTime at={event.at} />
              </Td>
              <Td className="whitespace-nowrap">{KIND_WORDS[event.kind]}</Td>
              <Td className="min-w-64">
                <HostileText text={eventWords(event)} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}

function eventWords(event: RunEvent): string {
  switch (event.kind) {
    case "started":
      return `Sent to ${event.data.model}, attempt ${event.data.attempt}`;
    case "claim":
      return `${event.data.ordinal + 1}. ${STANDING_WORDS[event.data.standing]}: ${event.data.text}`;
    case "notice":
      return event.data.sentence;
    case "done":
      return `${RUN_STATE_WORDS[event.data.state]}${event.data.reason ? `: ${event.data.reason}` : ""}${
        event.data.isComplete ? "" : " What is stored is incomplete."
      }`;
  }
}
