"use client";

import { useEffect, useRef } from "react";

/** What a key does on this screen; `what` is how the help names it. `J` is Shift and j; `also` are keys that do the same. */
export type KeyAct = {
  key: string;
  also?: readonly string[];
  shown?: string;
  what: string;
  run: () => void;
};

const TYPING = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"]';
const BUSY =
  '[role="dialog"][data-open], [role="alertdialog"][data-open], [role="menu"][data-open]';
const POPUP = '[role="dialog"], [role="alertdialog"], [role="menu"]';
/** A hint takes no key but the one that dismisses it. */
const HINT = "[data-hint]";
/** What fades out takes no more keys: whoever types on means the screen behind it. */
const LEAVING = ':is([role="dialog"], [role="alertdialog"], [role="menu"])[data-closed]';
/** Keys that mean something to a focused control of its own. */
const OWN = new Set(["Enter", " "]);

/** The acts of the screen as it stands, in the order their parts came; a palette lists them. */
const here = new Set<{ readonly current: readonly KeyAct[] }>();

/** Whether something was open as the key went down: one that this very key closes is still what it was meant for. */
let wasBusy = false;
const noteBusy = ({ key }: KeyboardEvent) => {
  wasBusy = document.querySelector(key === "Escape" ? `${BUSY}, ${HINT}` : BUSY) !== null;
};

export function actsHere(): KeyAct[] {
  return [...here].flatMap((each) => each.current);
}

/** Whether a person types there, or something is open over the screen that holds it: a place no focus is taken from. */
export function isHeld(element: Element | null): boolean {
  return element !== null && (element.closest(TYPING) ?? element.closest(POPUP)) !== null;
}

/** Keys of the screen. Nothing happens while a person types, or while a dialog or menu is open. */
export function useKeys(acts: readonly KeyAct[]) {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = latest.current.find(
        ({ key, also }) => key === event.key || also?.includes(event.key),
      );
      if (!act || isTakenElsewhere(event)) return;
      event.preventDefault();
      act.run();
    };
    window.addEventListener("keydown", noteBusy, { capture: true });
    document.addEventListener("keydown", onKeyDown);
    here.add(latest);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      here.delete(latest);
      if (here.size === 0) window.removeEventListener("keydown", noteBusy, { capture: true });
    };
  }, []);
}

function isTakenElsewhere(event: KeyboardEvent): boolean {
  const { target } = event;
  if (wasBusy || document.querySelector(BUSY)) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest(LEAVING)) return OWN.has(event.key);
  if (isHeld(target)) return true;
  return OWN.has(event.key) && target.closest("a, button, summary") !== null;
}
