/** What somebody presses after the page is painted and before its scripts listen. */

type Early = {
  /** Listens in place of the page. */
  keep: (event: MouseEvent) => void;
  /** The last press of a button. */
  event: MouseEvent | null;
};

declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface is merged with the browser's own
  interface Window {
    earlyPress?: Early;
  }
}

/**
 * Runs in the document before anything is painted, and so is plain text: keeps the last press of a button. Links and
 * boxes work by themselves; what sends a form is not kept, because a signature is given to a page that listens.
 */
export const EARLY_PRESS_SCRIPT = `(() => {
  const early = {
    event: null,
    keep(event) {
      const button = event.target instanceof Element && event.target.closest("button");
      if (!button || event.button || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (button.type !== "submit" || !button.form) early.event = event;
    },
  };
  window.earlyPress = early;
  window.addEventListener("click", early.keep, true);
})();`;

/** The page listens from now on. What was pressed before that, once; null where nothing was. */
export function takeEarlyPress(): MouseEvent | null {
  const early = window.earlyPress;
  if (!early) return null;
  window.removeEventListener("click", early.keep, true);
  delete window.earlyPress;
  // A press that is on its way right now made React come alive, and React answers it itself
  return early.event?.eventPhase === Event.NONE ? early.event : null;
}

/** Presses again what is still there. */
export function pressAgain({ target, detail, clientX, clientY }: MouseEvent): void {
  if (!(target instanceof Element) || !target.isConnected) return;
  const how = { bubbles: true, cancelable: true, composed: true, view: window };
  target.dispatchEvent(new MouseEvent("click", { ...how, detail, clientX, clientY }));
}
