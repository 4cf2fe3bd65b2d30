/** What somebody presses after the page is painted and before its scripts listen. */

type Early = {
  /** Listens in place of the page. */
  keep: (event: MouseEvent | KeyboardEvent) => void;
  /** The last press of a button. */
  press: MouseEvent | null;
  /** The first letter or sign, where no button was pressed: a key of the screen. What follows one depends on what it did. */
  key: KeyboardEvent | null;
};

declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- only an interface is merged with the browser's own
  interface Window {
    earlyPress?: Early;
  }
}

/**
 * Runs in the document before anything is painted, and so is plain text: keeps the last press of a button, or the
 * first key of the screen. Links and boxes work by themselves; what sends a form is not kept, because a signature is
 * given to a page that listens.
 */
export const EARLY_PRESS_SCRIPT = `(() => {
  const isButton = (button) => button && (button.type !== "submit" || !button.form);
  const early = {
    press: null,
    key: null,
    keep(event) {
      const { target, type, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || !(target instanceof Element)) return;
      if (type === "keydown") {
        const isForScreen = key.length === 1 && key !== " " && !target.closest("input, textarea, select");
        if (isForScreen && !early.press) early.key ??= event;
      } else if (!event.button && !event.shiftKey && isButton(target.closest("button"))) {
        early.press = event;
        early.key = null;
      }
    },
  };
  window.earlyPress = early;
  window.addEventListener("click", early.keep, true);
  window.addEventListener("keydown", early.keep, true);
})();`;

/** React listens from now on. The button that was pressed before that, once; null where none was. */
export function takeEarlyPress(): MouseEvent | null {
  const early = window.earlyPress;
  if (!early) return null;
  window.removeEventListener("click", early.keep, true);
  const { press } = early;
  early.press = null;
  // A press that is on its way right now made React come alive, and React answers it itself
  return press?.eventPhase === Event.NONE ? press : null;
}

/** The keys of the screen listen from now on. The one that was pressed before that, once; null where none was. */
export function takeEarlyKey(): KeyboardEvent | null {
  const early = window.earlyPress;
  if (!early) return null;
  window.removeEventListener("keydown", early.keep, true);
  delete window.earlyPress;
  // As above: those who listen hear it themselves
  return early.key?.eventPhase === Event.NONE ? early.key : null;
}

/** Presses again a button that is still there. */
export function pressAgain({ target, detail, clientX, clientY }: MouseEvent): void {
  if (!(target instanceof Element) || !target.isConnected) return;
  const how = { bubbles: true, cancelable: true, composed: true, view: window };
  target.dispatchEvent(new MouseEvent("click", { ...how, detail, clientX, clientY }));
}

/** Presses a key again, where the focus is by now. */
export function typeAgain({ key, code, shiftKey }: KeyboardEvent): void {
  const how = { bubbles: true, cancelable: true, composed: true, view: window };
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", { ...how, key, code, shiftKey }));
}
