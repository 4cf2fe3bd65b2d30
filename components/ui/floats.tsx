"use client";

import { Popover as Base } from "@base-ui/react/popover";
import { PreviewCard as Card } from "@base-ui/react/preview-card";
import { Tooltip } from "@base-ui/react/tooltip";
import type { KeyboardEvent } from "react";
import { cx } from "./cx.ts";
import { Kbd } from "./kbd.tsx";
import type { PopoverProps, PreviewProps } from "./popover.tsx";
import { isOfTrigger } from "./popup-root.ts";
import type { PopupRoot } from "./popup-root.ts";
import type { TooltipProps } from "./tooltip.tsx";
import type { useReach } from "./use-reach.ts";

type Reached = Pick<ReturnType<typeof useReach>, "close" | "popup"> & { anchor: Element };

/** The hint beside what it describes. */
export function Hint({
  anchor,
  close,
  popup,
  content,
  keys,
  side,
}: Reached & Omit<TooltipProps, "children">) {
  return (
    <Tooltip.Root open onOpenChange={(open) => !open && close()}>
      <Tooltip.Portal role="region" aria-label="Hint">
        <Tooltip.Positioner anchor={anchor} side={side} sideOffset={6} className="z-50">
          <Tooltip.Popup
            {...popup}
            data-hint
            className="float flex max-w-80 items-center gap-2 px-2 py-1 text-xs text-text"
          >
            {content}
            {keys ? <Kbd>{keys}</Kbd> : null}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** The look at what a link leads to. */
export function PreviewCard({
  anchor,
  close,
  popup,
  side = "bottom",
  align = "start",
  className,
  children,
}: Reached & Omit<PreviewProps, "trigger">) {
  return (
    <Card.Root open onOpenChange={(open) => !open && close()}>
      <Card.Portal role="region" aria-label="Preview">
        <Card.Positioner anchor={anchor} side={side} align={align} sideOffset={6} className="z-50">
          <Card.Popup
            {...popup}
            data-hint
            aria-live="polite"
            className={cx("float max-w-[520px] p-3", className)}
          >
            {children}
          </Card.Popup>
        </Card.Positioner>
      </Card.Portal>
    </Card.Root>
  );
}

type PopoverLook = Omit<PopoverProps, "trigger" | "open" | "onOpenChange">;

/** What a press opens beside its button. */
export function PopoverPopup(props: PopoverLook & PopupRoot) {
  const { anchor, id, open, onOpen, title, titleHidden, side = "bottom", align = "start" } = props;
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, details) => {
        if (!next && isOfTrigger(details, anchor.current)) details.cancel();
        else onOpen(next);
      }}
    >
      <Base.Portal>
        <Base.Positioner anchor={anchor} side={side} align={align} sideOffset={6} className="z-50">
          <Base.Popup
            id={id}
            onKeyDown={(event) => {
              if (!leaves(event)) return;
              // Back to the button, or on to what comes after it
              if (event.shiftKey) event.preventDefault();
              anchor.current?.focus();
              onOpen(false);
            }}
            className={cx("float max-w-[420px] p-3", props.className)}
          >
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

const STOPS = 'a[href], button:not([disabled]), input, select, textarea, [tabindex="0"]';

/** True for a Tab that goes past the last thing in a popup, or back past its first. */
function leaves({ key, shiftKey, currentTarget }: KeyboardEvent): boolean {
  if (key !== "Tab") return false;
  const stops = [...currentTarget.querySelectorAll(STOPS)];
  const edge = shiftKey ? stops[0] : stops.at(-1);
  return edge === undefined || edge === document.activeElement;
}
