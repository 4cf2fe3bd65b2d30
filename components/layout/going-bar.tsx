"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";
import { arrived, going } from "#lib/browser/going.ts";

/** A line along the top while the next page is on its way. What stands stays in use until that is there, whole. */
export function GoingBar() {
  const pathname = usePathname();
  const search = useSearchParams();
  const said = useSyncExternalStore(going.subscribe, going.isSaid, () => false);
  useEffect(arrived, [pathname, search]);
  if (!said) return null;
  return (
    <div
      role="progressbar"
      aria-label="Loading the next page"
      className="fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden bg-accent/20"
    >
      <div className="along h-full w-1/3 bg-accent" />
    </div>
  );
}
