"use client";

import { useQuery } from "@tanstack/react-query";
import { Fingerprint } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { CheckField } from "#components/ui/field.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { EmptyState, ErrorState } from "#components/ui/states.tsx";
import { utcWords, zonedClock } from "#components/ui/time-words.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import { observablesOptions } from "#lib/browser/incident-data.ts";
import type { ObservableView } from "#lib/contracts/views.ts";
import { defang } from "./defang.ts";

type Props = {
  incidentId: string;
  /** Shows the records that name it. */
  onFind: (entity: ObservableView) => void;
};

/** Who and what is seen in the evidence, how often, and in which other incidents. */
export function EntitiesPane({ incidentId, onFind }: Props) {
  const query = useQuery(observablesOptions(incidentId));
  const [defanged, setDefanged] = useState(true);
  if (query.isPending) return <EntitiesSkeleton />;
  if (query.isError) {
    return (
      <ErrorState
        title="The entities could not be loaded"
        safe={`${query.error.message} The evidence itself is safe.`}
        action={<Button onClick={() => void query.refetch()}>Try again</Button>}
      />
    );
  }
  if (query.data.length === 0) {
    return (
      <EmptyState icon={<Fingerprint />} title="No entities">
        Hosts, users, addresses, domains and hashes named in the evidence appear here.
      </EmptyState>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex h-10 shrink-0 items-center px-3">
        <CheckField label="Defang addresses and links" checked={defanged} onChange={setDefanged} />
      </div>
      <div
        className="@container min-h-0 flex-1 overflow-auto border-t"
        tabIndex={0}
        role="region"
        aria-label="Entities"
      >
        <DataTable>
          <caption className="sr-only">Entities in the evidence</caption>
          <thead>
            <tr>
              <Th>Type</Th>
              <Th>Value</Th>
              <Th className="text-right">Records</Th>
              <Th className={FROM_480}>First and last</Th>
              <Th>Elsewhere</Th>
              <Th>
                <span className="sr-only">Copy</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {query.data.map((entity) => (
              <EntityRow
                key={`${entity.type}:${entity.value}`}
                entity={entity}
                defanged={defanged}
                onFind={onFind}
              />
            ))}
          </tbody>
        </DataTable>
      </div>
    </div>
  );
}

/** Times only where the pane has room for them; the thread has them too. */
const FROM_480 = "hidden @min-[480px]:table-cell";

type RowProps = {
  entity: ObservableView;
  defanged: boolean;
  onFind: (entity: ObservableView) => void;
};

function EntityRow({ entity, defanged, onFind }: RowProps) {
  return (
    <Tr>
      <Td className="text-xs text-faint">{entity.type}</Td>
      <Td className="max-w-0 min-w-40 w-full">
        <button
          type="button"
          onClick={() => onFind(entity)}
          title={
            entity.specific ? "Show its records" : "Show its records. Too common to link incidents"
          }
          className={`record block max-w-full text-left break-all hover:underline ${entity.specific ? "" : "text-dim"}`}
        >
          <HostileText text={defanged ? defang(entity.type, entity.value) : entity.value} />
        </button>
      </Td>
      <Td numeric>{entity.count.toLocaleString("en")}</Td>
      <Td className={FROM_480}>
        <Clock at={entity.firstAt} />
        {entity.lastAt === entity.firstAt ? null : <Clock at={entity.lastAt} />}
      </Td>
      <Td>
        <Elsewhere entity={entity} />
      </Td>
      <Td className="pl-0">
        <CopyButton value={entity.value} what={entity.type} />
      </Td>
    </Tr>
  );
}

function Clock({ at }: { at: string | null }) {
  const { zone } = usePreferences();
  if (!at) return <span className="text-faint">unknown</span>;
  return (
    <time dateTime={at} title={utcWords(at, true)} className="record block text-xs text-dim">
      {zonedClock(at, zone)}
    </time>
  );
}

function Elsewhere({ entity }: { entity: ObservableView }) {
  if (entity.elsewhereCount === 0) return <span className="text-xs text-faint">nowhere</span>;
  const more = entity.elsewhereCount - entity.elsewhere.length;
  return (
    <span className="flex flex-wrap gap-x-2 text-xs">
      {entity.elsewhere.map((incident) => (
        <Link
          key={incident.id}
          href={`/incidents/${incident.id}`}
          className="whitespace-nowrap text-accent hover:underline"
        >
          {incident.number}
        </Link>
      ))}
      {more > 0 ? <span className="text-faint">and {more.toLocaleString("en")} more</span> : null}
    </span>
  );
}

function EntitiesSkeleton() {
  return (
    <div className="flex flex-col gap-3 px-3 py-12">
      <LoadingNote>Loading the entities</LoadingNote>
      {Array.from({ length: 10 }, (_, index) => (
        <div key={index} className="flex gap-4">
          <Skeleton className="h-3.5 w-14" />
          <Skeleton className={index % 3 ? "h-3.5 w-44" : "h-3.5 w-64"} />
        </div>
      ))}
    </div>
  );
}
