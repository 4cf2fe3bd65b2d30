"use client";

import { Popover as Base } from "@base-ui/react/popover";
import { PreviewCard as Card } from "@base-ui/react/preview-card";
import { useState } from "react";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";

type Side = "top" | "bottom" | "left" | "right";
type Align = "start" | "center" | "end";

export type PopoverProps = {
  trigger: ReactElement;
  /** The accessible name; visible unless `titleHidden`. */
  title: string;
  titleHidden?: boolean;
  side?: Side;
  align?: Align;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  className?: string;
  children: ReactNode;
};

export function Popover(props: PopoverProps) {
  const {
    trigger,
    title,
    titleHidden,
    side = "bottom",
    align = "start",
    open,
    onOpenChange,
    className,
  } = props;
  return (
    <Base.Root open={open} onOpenChange={onOpenChange ? (next) => onOpenChange(next) : undefined}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} className="z-50">
          <Base.Popup className={cx("float max-w-[420px] p-3", className)}>
            <Base.Title className={titleHidden ? "sr-only" : "mb-2 text-xs font-medium text-dim"}>
              {title}
            </Base.Title>
            {props.children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export type PreviewProps = {
  /** A link or button whose target is shown. */
  trigger: ReactElement;
  side?: Side;
  align?: Align;
  className?: string;
  children: ReactNode;
};

/** A look at what a link leads to, on hover or focus; everything in it is also behind the link. */
export function Preview({
  trigger,
  side = "bottom",
  align = "start",
  className,
  children,
}: PreviewProps) {
  const [open, setOpen] = useState(false);
  return (
    <Card.Root open={open} onOpenChange={(next) => setOpen(next)}>
      {/* Pressed, the target itself is on the screen, and the look at it only in the way. */}
      <Card.Trigger render={trigger} delay={250} closeDelay={120} onClick={() => setOpen(false)} />
      <Card.Portal role="region" aria-label="Preview">
        <Card.Positioner side={side} align={align} sideOffset={6} className="z-50">
          <Card.Popup aria-live="polite" className={cx("float max-w-[520px] p-3", className)}>
            {children}
          </Card.Popup>
        </Card.Positioner>
      </Card.Portal>
    </Card.Root>
  );
}
