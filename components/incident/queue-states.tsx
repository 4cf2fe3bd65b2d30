"use client";

import { FilterX, Inbox, Stamp, UserRoundCheck } from "lucide-react";
import { useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { RecordText } from "#components/marks/voices.tsx";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { FROM_LG, FROM_MD, FROM_SM, QUEUE_GRID } from "./queue-columns.ts";

type Props = { filter: QueueFilter; onChange: (change: Partial<QueueFilter>) => void };

/** Says what the view is for and the one thing to do. */
export function QueueEmpty({ filter, onChange }: Props) {
  if (filter.q) return <NoMatch onClear={() => onChange({ q: "" })} />;
  switch (filter.view) {
    case "mine":
      return (
        <EmptyState
          icon={<UserRoundCheck strokeWidth={1.5} aria-hidden />}
          title="Nothing is assigned to you"
          action={
            <Button onClick={() => onChange({ view: "unassigned" })}>
              Show unassigned incidents
            </Button>
          }
        >
          Take an incident from the unassigned ones: select it with j or k and press a.
        </EmptyState>
      );
    case "unassigned":
      return (
        <EmptyState
          icon={<UserRoundCheck strokeWidth={1.5} aria-hidden />}
          title="Every open incident has an owner"
          action={
            <Button onClick={() => onChange({ view: "all" })}>Show all open incidents</Button>
          }
        >
          New incidents appear here until somebody takes them; the SLA clock runs until then.
        </EmptyState>
      );
    case "waiting":
      return (
        <EmptyState
          icon={<Stamp strokeWidth={1.5} aria-hidden />}
          title="Nothing waits for your signature"
          action={
            <Button onClick={() => onChange({ view: "all" })}>Show all open incidents</Button>
          }
        >
          Proposed escalations, containments and closures come here when the policy lets you sign
          them. Those of others are found by is:waiting.
        </EmptyState>
      );
    case "closed":
      return (
        <EmptyState
          icon={<Inbox strokeWidth={1.5} aria-hidden />}
          title="No incident has been closed yet"
        >
          An incident is closed when its proposed closure has the signatures that the policy asks
          for.
        </EmptyState>
      );
    case "all":
      return <FirstAlert />;
    default:
      return unreachable(filter.view);
  }
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={<FilterX strokeWidth={1.5} aria-hidden />}
      title="No incident matches these filters"
      action={<Button onClick={onClear}>Clear filters</Button>}
    >
      Words are looked for in titles, at the beginning of values, and anywhere in the names of
      hosts, accounts, domains and files. A value of one type is written in full or with an
      asterisk, as in host:ws-*.
    </EmptyState>
  );
}

/** The line is wrong, and says where; nothing is asked by it. */
export function QueueUnreadable({ onChange }: Pick<Props, "onChange">) {
  return (
    <EmptyState
      icon={<FilterX strokeWidth={1.5} aria-hidden />}
      title="This filter cannot be read"
      action={<Button onClick={() => onChange({ q: "" })}>Clear filters</Button>}
    >
      Mend it above: what is wrong is marked there.
    </EmptyState>
  );
}

function unreachable(view: never): never {
  throw new Error(`There is no queue view ${String(view)}.`);
}

function FirstAlert() {
  const origin = useSyncExternalStore(
    () => () => undefined,
    () => location.origin,
    () => "http://localhost:3000",
  );
  const command = firstAlertCommand(origin);
  return (
    <EmptyState
      icon={<Inbox strokeWidth={1.5} aria-hidden />}
      title="No open incidents"
      action={
        <div className="flex w-full flex-col items-start gap-2">
          <RecordText label="Command that posts an alert" className="w-full">
            {command}
          </RecordText>
          <CopyButton value={command} what="command" words />
        </div>
      }
    >
      Alerts become incidents here. An admin adds a source and gets its token under Sources; then
      any system can post.
    </EmptyState>
  );
}

/** A command that opens an incident; the token is the one an admin was shown for the source. */
function firstAlertCommand(origin: string): string {
  const alert = {
    title: "Encoded PowerShell from Word",
    severity: "high",
    host: "WS-014",
    user: "j.doe",
  };
  return [
    `curl -X POST ${origin}/api/alerts \\`,
    '  -H "Authorization: Bearer $SOURCE_TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '${JSON.stringify(alert)}'`,
  ].join("\n");
}

const TITLE_WIDTHS = ["w-3/5", "w-2/5", "w-4/5", "w-1/2", "w-2/3", "w-3/4"];

/** Rows with the geometry of the rows to come. */
export function QueueSkeleton() {
  return (
    <div className="@container/queue min-h-0 flex-1 overflow-hidden">
      <LoadingNote>Loading incidents</LoadingNote>
      <div className="h-7 border-b" />
      {Array.from({ length: 24 }, (_, index) => (
        <div key={index} className={cx(QUEUE_GRID, "h-row border-b border-line/60")}>
          <Skeleton className="h-3 w-18" />
          <Skeleton className="h-3 w-4 @min-[968px]/queue:w-16" />
          <Skeleton className={cx("h-3", TITLE_WIDTHS[index % TITLE_WIDTHS.length])} />
          <span className={FROM_SM}>
            <Skeleton className="size-3.5 rounded-full" />
          </span>
          <span className={cx(FROM_LG, "justify-end")}>
            <Skeleton className="h-3 w-12" />
          </span>
          <span className={FROM_LG}>
            <Skeleton className="h-3 w-20" />
          </span>
          <span className={FROM_MD}>
            <Skeleton className="h-3 w-16" />
          </span>
          <span className={FROM_SM}>
            <Skeleton className="h-3 w-24" />
          </span>
          <span className={cx(FROM_MD, "justify-end")}>
            <Skeleton className="h-3 w-9" />
          </span>
          <Skeleton className="ml-auto h-3 w-14" />
        </div>
      ))}
    </div>
  );
}
