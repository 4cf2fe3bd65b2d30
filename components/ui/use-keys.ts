"use client";

import { useEffect, useRef } from "react";

/** What a key does on this screen; `what` is how the help names it. `J` is Shift and j. */
export type KeyAct = { key: string; shown?: string; what: string; run: () => void };

const TYPING = 'input, textarea, select, [contenteditable="true"]';
const BUSY =
  '[role="dialog"][data-open], [role="alertdialog"][data-open], [role="menu"][data-open]';
/** Keys that mean something to a focused control of its own. */
const OWN = new Set(["Enter", " "]);

/** Keys of the screen. Nothing happens while a person types, or while a dialog or menu is open. */
export function useKeys(acts: readonly KeyAct[]) {
  const latest = useRef(acts);
  useEffect(() => {
    latest.current = acts;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = latest.current.find(({ key }) => key === event.key);
      if (!act || isTakenElsewhere(event)) return;
      event.preventDefault();
      act.run();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isTakenElsewhere(event: KeyboardEvent): boolean {
  const { target } = event;
  if (document.querySelector(BUSY)) return true;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest(TYPING)) return true;
  return OWN.has(event.key) && target.closest("a, button, summary") !== null;
}
