"use client";

import { useQueryClient } from "@tanstack/react-query";
import { toast } from "#components/ui/toast.ts";
import { assignIncidentAction } from "#lib/actions/assign-incident.ts";
import { deskKeys } from "#lib/browser/desk-data.ts";
import { reached } from "#lib/browser/reached.ts";
import type { PersonView, QueueRow } from "#lib/contracts/views.ts";
import { patchRow } from "./patch-row.ts";

/** Takes an incident at once on the screen; the server has the last word and names another owner. */
export function useAssignToMe(person: PersonView, onDone: (ids: readonly string[]) => void) {
  const cache = useQueryClient();
  const settle = async (row: QueueRow) => {
    void cache.invalidateQueries({ queryKey: deskKeys.counts });
    await cache.invalidateQueries({ queryKey: deskKeys.peeks });
    onDone([row.id]);
  };
  const giveBack = async (row: QueueRow) => {
    const result = await reached(
      assignIncidentAction({
        incidentId: row.id,
        personId: null,
        expected: person.id,
      }),
    );
    if (result.ok) {
      patchRow(cache, row.id, { assignee: null });
      toast.done(`${row.number} is given back`);
    } else toast.failed(`${row.number} was not given back`, { detail: result.message });
    await settle(row);
  };
  return async (row: QueueRow) => {
    if (row.assignee?.id === person.id) return toast.done(`${row.number} is already yours`);
    if (row.assignee)
      return toast.failed(`${row.number} belongs to ${row.assignee.name}`, {
        detail: "Open it to take it over.",
      });
    if (row.status === "closed") return toast.failed(`${row.number} is closed`);
    patchRow(cache, row.id, { assignee: { id: person.id, name: person.name } });
    const result = await reached(
      assignIncidentAction({
        incidentId: row.id,
        personId: person.id,
        expected: null,
      }),
    );
    if (result.ok) {
      // once more: a page that was on its way has brought the row as it was
      patchRow(cache, row.id, { assignee: { id: person.id, name: person.name } });
      toast.done(`${row.number} is yours`, {
        act: { label: "Undo", onPress: () => void giveBack(row) },
      });
    } else {
      patchRow(cache, row.id, { assignee: ownerIn(result) ?? row.assignee });
      toast.failed(`${row.number} was not assigned to you`, { detail: result.message });
    }
    await settle(row);
  };
}

/** Who has it, when the refusal says so. */
function ownerIn(refusal: object): QueueRow["assignee"] {
  const owner = "owner" in refusal ? (refusal.owner as Partial<PersonView> | null) : null;
  return owner?.id && owner.name ? { id: owner.id, name: owner.name } : null;
}
