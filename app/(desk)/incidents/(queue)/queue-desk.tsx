"use client";

import { BulkClosureDialog } from "#components/decision/bulk-closure-dialog.tsx";
import type { PreviewLook } from "#components/incident/preview-cookie.ts";
import { Queue } from "#components/incident/queue.tsx";
import type { PersonView } from "#lib/contracts/views.ts";

/** The queue, from which several incidents can be closed together. */
export function QueueDesk({ person, look }: { person: PersonView; look: PreviewLook }) {
  return <Queue person={person} look={look} Closure={BulkClosureDialog} />;
}
