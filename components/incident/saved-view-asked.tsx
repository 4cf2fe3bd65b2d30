"use client";

import { ConfirmDialog } from "#components/ui/dialog.tsx";
import type { QueueLine, SavedView } from "#lib/contracts/saved-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { mayShareViews } from "#lib/domain/incident/saved-view.ts";
import { ViewNameDialog } from "./saved-view-dialogs.tsx";
import type { useSavedViews } from "./use-saved-views.ts";

export type SavedViewAsking = "save" | "rename" | "delete";

type Props = {
  person: PersonView;
  /** Goes to a saved view; null leaves it and shows the same. */
  onOpen: (view: SavedView | null) => void;
  current: SavedView | null;
  line: QueueLine;
  saved: ReturnType<typeof useSavedViews>;
  asking: SavedViewAsking;
  onClose: () => void;
};

/** What is asked before a view is saved, renamed or deleted. */
export function SavedViewAsked(props: Props) {
  const { person, current, line, saved, asking, onOpen, onClose } = props;
  if (asking === "save")
    return (
      <ViewNameDialog
        title="Save this view"
        description="Its filter, order and row height, under a name of its own."
        submit="Save view"
        name=""
        shareable={mayShareViews(person.role)}
        onClose={onClose}
        onSubmit={async (name, shared) => {
          const answer = await saved.save(name, shared, line);
          if (answer.ok) onOpen(madeOf({ id: answer.data.viewId, name, shared, line, person }));
          return answer;
        }}
      />
    );
  if (!current) return null;
  if (asking === "rename")
    return (
      <ViewNameDialog
        title="Rename this view"
        description="What it shows stays as it is."
        submit="Rename"
        name={current.name}
        shareable={false}
        onClose={onClose}
        onSubmit={(name) => saved.rename(current, name)}
      />
    );
  return (
    <ConfirmDialog
      open={asking === "delete"}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`Delete "${current.name}"?`}
      act="Delete view"
      pending={saved.pending}
      onConfirm={() => {
        saved.remove(current, () => onOpen(null));
        onClose();
      }}
    >
      {current.shared
        ? "It goes for everybody, and links to it lead to the queue."
        : "Links to it lead to the queue."}{" "}
      No incident is changed.
    </ConfirmDialog>
  );
}

type Made = { id: string; name: string; shared: boolean; line: QueueLine; person: PersonView };

function madeOf({ line, person, ...made }: Made): SavedView {
  return { ...made, ...line, owner: person, changedAt: "" };
}
