"use client";

import { useSyncExternalStore } from "react";

/** False on the server and while the page is still as the server drew it, true from then on. */
export function useAlive(): boolean {
  return useSyncExternalStore(never, yes, no);
}

function never() {
  return () => undefined;
}

function yes() {
  return true;
}

function no() {
  return false;
}
