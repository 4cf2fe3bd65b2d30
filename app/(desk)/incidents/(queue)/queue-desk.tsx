"use client";

import dynamic from "next/dynamic";
import type { PreviewLook } from "#components/incident/preview-cookie.ts";
import { Queue } from "#components/incident/queue.tsx";
import { later, soon } from "#components/ui/later.tsx";
import type { PersonView } from "#lib/contracts/views.ts";

const BulkClosureDialog = later(
  dynamic(
    soon(async () => {
      const { BulkClosureDialog: Dialog } =
        await import("#components/decision/bulk-closure-dialog.tsx");
      return Dialog;
    }),
  ),
);

/** The queue, from which several incidents can be closed together. */
export function QueueDesk({ person, look }: { person: PersonView; look: PreviewLook }) {
  return <Queue person={person} look={look} Closure={BulkClosureDialog} />;
}
