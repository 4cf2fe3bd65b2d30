"use client";

import { BulkClosureDialog } from "#components/decision/bulk-closure-dialog.tsx";
import { Queue } from "#components/incident/queue.tsx";
import type { PersonView } from "#lib/contracts/views.ts";

/** The queue, from which several incidents can be closed together. */
export function QueueDesk({ person }: { person: PersonView }) {
  return <Queue person={person} Closure={BulkClosureDialog} />;
}
