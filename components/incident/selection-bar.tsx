"use client";

import { useQuery } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import type { ComponentType } from "react";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { matchingIncidents } from "#lib/actions/bulk-closure.ts";
import { countsOptions } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { COUNT_MAX } from "#lib/contracts/views.ts";
import { BULK_INCIDENTS_MAX } from "#lib/domain/decision/bulk.ts";
import type { Selection } from "./use-selection.ts";

/** The form that proposes to close incidents together. */
export type ClosureForm = ComponentType<{
  incidentIds: readonly string[];
  onClose: () => void;
  onProposed: () => void;
}>;
type Props = { selection: Selection; filter: QueueFilter; Closure: ClosureForm };

/** What can be done with the chosen incidents: all that match the filter, a closure of them together, or none. */
export function SelectionBar({ selection, filter, Closure }: Props) {
  const [proposing, setProposing] = useState(false);
  const [pending, start] = useTransition();
  const count = selection.ids.size;
  const chooseAll = () =>
    start(async () => {
      const answer = await matchingIncidents(filter);
      if (!answer.ok) return toast.failed("They were not chosen", { detail: answer.message });
      selection.set(answer.data.ids);
      if (answer.data.more) {
        toast.failed(`Only the first ${BULK_INCIDENTS_MAX} are chosen`, {
          detail: `One statement closes at most ${BULK_INCIDENTS_MAX} incidents.`,
        });
      }
    });
  if (count === 0) return null;
  return (
    <section
      aria-label="Chosen incidents"
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-t bg-surface px-4 py-1.5"
    >
      <p role="status" className="mr-auto text-sm">
        {count === 1 ? "1 incident chosen" : `${count} incidents chosen`}
      </p>
      <Button tone="quiet" onClick={() => selection.set([])}>
        Choose none
      </Button>
      <Button tone="quiet" pending={pending} onClick={chooseAll}>
        <AllWords filter={filter} />
      </Button>
      <Button tone="primary" onClick={() => setProposing(true)}>
        Propose closure
      </Button>
      {proposing ? (
        <Closure
          incidentIds={[...selection.ids]}
          onClose={() => setProposing(false)}
          onProposed={() => selection.set([])}
        />
      ) : null}
    </section>
  );
}

/** How many match is known where no filter narrows the view. */
function AllWords({ filter }: { filter: QueueFilter }) {
  const { data: counts } = useQuery(countsOptions());
  const plain = filter.q === "";
  const count = plain ? counts?.[filter.view] : undefined;
  return count === undefined || count >= COUNT_MAX
    ? "Choose all that match this filter"
    : `Choose all ${count.toLocaleString("en")} of this view`;
}
