"use client";

import { useQuery } from "@tanstack/react-query";
import { useState, useTransition } from "react";
import type { ComponentType } from "react";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.ts";
import { matchingIncidents } from "#lib/actions/bulk-closure.ts";
import { countsOptions } from "#lib/browser/desk-data.ts";
import type { QueueFilter } from "#lib/browser/desk-data.ts";
import { reached } from "#lib/browser/reached.ts";
import { COUNT_MAX } from "#lib/contracts/views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { BULK_INCIDENTS_MAX } from "#lib/domain/decision/bulk.ts";
import { HANDOVERS_MAX } from "#lib/domain/incident/handover.ts";
import { AssignMenu } from "./assign-menu.tsx";
import { NoteDialog } from "./note-dialog.tsx";
import { HandOverDialog } from "./hand-over-dialog.tsx";
import { HAND_OVER_ID, NOTE_ALL_ID, PROPOSE_ID } from "./selection-ids.ts";
import { useHandOver } from "./use-hand-over.ts";
import type { Selection } from "./use-selection.ts";
import type { useTogether } from "./use-together.ts";

/** The form that proposes to close incidents together. */
export type ClosureForm = ComponentType<{
  incidentIds: readonly string[];
  onClose: () => void;
  onProposed: () => void;
}>;
type Props = {
  person: PersonView;
  selection: Selection;
  filter: QueueFilter;
  together: ReturnType<typeof useTogether>;
  Closure: ClosureForm;
};

/** What can be done with the chosen incidents: give them to somebody, write to them, propose to close them, or none. */
export function SelectionBar({ person, selection, filter, together, Closure }: Props) {
  const [asking, setAsking] = useState<"closure" | "note" | "hand_over" | null>(null);
  const count = selection.ids.size;
  const ids = [...selection.ids];
  const tooMany = count > BULK_INCIDENTS_MAX;
  if (count === 0) return null;
  return (
    <section
      aria-label="Chosen incidents"
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-t bg-surface px-4 py-1.5"
    >
      <p role="status" className="mr-auto text-sm">
        {count === 1 ? "1 incident chosen" : `${count} incidents chosen`}
        {tooMany ? `; at most ${BULK_INCIDENTS_MAX} at once` : ""}
      </p>
      <Button tone="quiet" keys="Esc" onClick={() => selection.set([])}>
        Choose none
      </Button>
      <ChooseAll filter={filter} selection={selection} />
      <Button
        keys="a"
        pending={together.pending}
        aria-disabled={tooMany || undefined}
        onClick={() => together.assign(ids, person)}
      >
        Assign to me
      </Button>
      <AssignMenu
        disabled={tooMany || together.pending}
        onAssign={(to) => together.assign(ids, to)}
      />
      <Button
        id={NOTE_ALL_ID}
        keys="m"
        aria-disabled={tooMany || undefined}
        onClick={() => setAsking("note")}
      >
        Add a note
      </Button>
      <Button
        id={HAND_OVER_ID}
        keys="h"
        aria-disabled={count > HANDOVERS_MAX || undefined}
        title={count > HANDOVERS_MAX ? `At most ${HANDOVERS_MAX} at once` : undefined}
        onClick={() => {
          if (count <= HANDOVERS_MAX) setAsking("hand_over");
        }}
      >
        Hand over
      </Button>
      <Button
        id={PROPOSE_ID}
        keys="c"
        tone="primary"
        aria-disabled={tooMany || undefined}
        onClick={() => setAsking("closure")}
      >
        Propose closure
      </Button>
      <Asked
        {...{ person, selection, together, Closure, asking }}
        onClose={() => setAsking(null)}
      />
    </section>
  );
}

type AskedProps = Pick<Props, "person" | "selection" | "together" | "Closure"> & {
  asking: "closure" | "note" | "hand_over" | null;
  onClose: () => void;
};

/** The form of what is being done with those that are chosen. */
function Asked({ person, selection, together, Closure, asking, onClose }: AskedProps) {
  const ids = [...selection.ids];
  switch (asking) {
    case "closure":
      return <Closure incidentIds={ids} onClose={onClose} onProposed={() => selection.set([])} />;
    case "note":
      return (
        <NoteDialog
          count={ids.length}
          pending={together.pending}
          onClose={onClose}
          onAdd={(text) => together.note(ids, text, onClose)}
        />
      );
    case "hand_over":
      return <HandOver {...{ person, ids, selection, onClose }} onHandedOver={together.onDone} />;
    case null:
      return null;
  }
}

type HandOverProps = Pick<Props, "person" | "selection"> & {
  ids: readonly string[];
  onHandedOver: ReturnType<typeof useTogether>["onDone"];
  onClose: () => void;
};

function HandOver({ person, selection, ids, onHandedOver, onClose }: HandOverProps) {
  // what was chosen when it opened: rows that come or go meanwhile change no note
  const [incidentIds] = useState(ids);
  const act = useHandOver((changed) => {
    onHandedOver(changed);
    selection.set(incidentIds.filter((id) => !changed.includes(id)));
    onClose();
  });
  return (
    <HandOverDialog
      incidentIds={incidentIds}
      person={person}
      pending={act.pending}
      refused={act.refused}
      onHandOver={act.handOver}
      onClose={onClose}
    />
  );
}

function ChooseAll({ filter, selection }: Pick<Props, "filter" | "selection">) {
  const [pending, start] = useTransition();
  const chooseAll = () =>
    start(async () => {
      const answer = await reached(matchingIncidents(filter));
      if (!answer.ok) return toast.failed("They were not chosen", { detail: answer.message });
      selection.set(answer.data.ids);
      if (answer.data.more) {
        toast.failed(`Only the first ${BULK_INCIDENTS_MAX} are chosen`, {
          detail: `One act reaches at most ${BULK_INCIDENTS_MAX} incidents.`,
        });
      }
    });
  return (
    <Button tone="quiet" pending={pending} onClick={chooseAll}>
      <AllWords filter={filter} />
    </Button>
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
