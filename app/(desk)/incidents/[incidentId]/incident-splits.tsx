"use client";

import dynamic from "next/dynamic";
import { SplitsStrip } from "#components/incident/splits-strip.tsx";
import { useSplit } from "#components/incident/use-split.ts";
import { later, soon } from "#components/ui/later.tsx";
import type { IncidentHead, IncidentPageView, PersonView } from "#lib/contracts/views.ts";
import { may } from "#lib/domain/people/permissions.ts";

const SplitDialog = later(
  dynamic(soon(async () => (await import("#components/incident/split-dialog.tsx")).SplitDialog)),
);

type Props = {
  head: IncidentHead;
  person: PersonView;
  splits: IncidentPageView["splits"];
  splitting: boolean;
  onSplitting: (open: boolean) => void;
};

/** What went from the incident or where it came from, and the dialog in which part of it goes. */
export function IncidentSplits({ head, person, splits, splitting, onSplitting }: Props) {
  const { pending, refused, split, undo, clear } = useSplit(head.id, () => onSplitting(false));
  return (
    <>
      <SplitsStrip
        splits={splits}
        mayUndo={may(person.role, "incident:merge")}
        pending={pending}
        onUndo={({ id }) => undo(id)}
      />
      {splitting ? (
        <SplitDialog
          incidentId={head.id}
          number={head.number}
          pending={pending}
          refused={refused}
          onClose={() => {
            if (pending) return;
            onSplitting(false);
            clear();
          }}
          onSplit={split}
        />
      ) : null}
    </>
  );
}
