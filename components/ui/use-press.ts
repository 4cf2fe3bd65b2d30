"use client";

import { mergeProps } from "@base-ui/react/merge-props";
import { cloneElement, useCallback, useId, useRef, useState } from "react";
import type { KeyboardEvent, MouseEvent, ReactElement, Ref } from "react";
import { ahead } from "./later.tsx";

/** What opens a menu or a popover, as an element that takes the properties of a button. */
export type Trigger = ReactElement<Record<string, unknown>>;

type Press = {
  trigger: ReactElement;
  has: "menu" | "dialog";
  open: boolean;
  onOpen: (open: boolean) => void;
  /** Fetches what is going to be opened. */
  load: () => Promise<unknown>;
};

/**
 * The element that opens a popup when it is pressed, without the popup: that is fetched, and its state made, when
 * somebody reaches for it. Roles and states as the ARIA patterns for a menu button and a dialog have them.
 */
export function usePress({ trigger, has, open, onOpen, load }: Press) {
  const { props } = trigger as Trigger;
  const { id: ownId, ref: ownRef } = props as { id?: string; ref?: Ref<Element> };
  const madeId = useId();
  const popupId = useId();
  const id = ownId ?? madeId;
  const anchor = useRef<HTMLElement>(null);
  const [byKey, setByKey] = useState(false);
  const ref = useBoth(anchor, ownRef);
  const press = (next: boolean, key: boolean) => {
    setByKey(key);
    onOpen(next);
  };
  const mine = {
    "aria-haspopup": has,
    "aria-expanded": open,
    "aria-controls": open ? popupId : undefined,
    "data-popup-open": open ? "" : undefined,
    onPointerEnter: () => ahead(load),
    onFocus: () => ahead(load),
    // A press that came from no pointer has no count of clicks
    onClick: (event: MouseEvent) => {
      if (!event.defaultPrevented) press(!open, event.detail === 0);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.currentTarget.getAttribute("aria-disabled") === "true") return;
      if (has !== "menu" || open || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
      event.preventDefault();
      press(true, true);
    },
  };
  return {
    anchor,
    byKey,
    popup: { id: popupId, labelledBy: id },
    element: cloneElement(trigger as Trigger, { ...mergeProps<"button">(mine, props), id, ref }),
  };
}

function useBoth(first: Ref<HTMLElement>, second: Ref<Element> | undefined) {
  return useCallback(
    (element: HTMLElement | null) => {
      for (const ref of [first, second]) {
        if (typeof ref === "function") ref(element);
        else if (ref) ref.current = element;
      }
    },
    [first, second],
  );
}
