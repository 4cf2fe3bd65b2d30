"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

/** Screens on which one thing is read and signed, and nothing else. */
const BARE = /^\/(?:incidents\/[^/]+\/decisions\/[^/]+|models\/[^/]+\/activate)\/?$/;

/**
 * The box of a signed-in screen; `data-bare` hides what frames it. The address says so and not `:has()` of what the
 * screen holds: with that, a browser works out the style of the whole page again for every element that is added to it.
 */
export function ShellFrame({ children }: { children: ReactNode }) {
  const bare = BARE.test(usePathname());
  return (
    <div data-bare={bare || undefined} className="group/shell flex h-dvh min-h-0 overflow-hidden">
      {children}
    </div>
  );
}
