"use client";

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement, ReactNode } from "react";
import { Kbd } from "./kbd.tsx";

type Side = "top" | "bottom" | "left" | "right";

export type TooltipProps = {
  content: ReactNode;
  /** A shortcut shown after the text. */
  keys?: string;
  side?: Side;
  /** The element described; it must take a ref and be focusable to be reached by keyboard. */
  children: ReactElement;
};

/** A hint on hover and focus. It repeats or refines a name; it never holds the only copy of a fact. */
export function Tooltip({ content, keys, side = "bottom", children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={350} />
      <Base.Portal role="region" aria-label="Hint">
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="float flex max-w-80 items-center gap-2 px-2 py-1 text-xs text-text">
            {content}
            {keys ? <Kbd>{keys}</Kbd> : null}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Once near the root: tooltips that follow each other open at once. */
export function TooltipGroup({ children }: { children: ReactNode }) {
  return (
    <Base.Provider delay={350} timeout={300}>
      {children}
    </Base.Provider>
  );
}
