"use client";

import { useSyncExternalStore } from "react";
import type { RecordStore } from "#lib/browser/record-store.ts";
import type { RecordEntry } from "#lib/contracts/thread-views.ts";

/** What the record at a place (E12 as 12) says, as soon as it has come; null is no place. */
export function useRecord(records: RecordStore, position: number | null): RecordEntry | undefined {
  const read = () => (position === null ? undefined : records.get(position));
  return useSyncExternalStore(records.subscribe, read, read);
}

/** The place (E12 as 12) of a record by its id, as soon as it is known. */
export function usePlaceOf(records: RecordStore, evidenceId: string | null): number | undefined {
  const read = () => (evidenceId === null ? undefined : records.placeOf(evidenceId));
  return useSyncExternalStore(records.subscribe, read, read);
}

/** Why the last records did not come; null when they did. */
export function useRecordsFailed(records: RecordStore): string | null {
  const read = () => records.failed;
  return useSyncExternalStore(records.subscribe, read, read);
}
