/** That the person asked for another page which is not there yet. */

/** A page that needs longer than this, in milliseconds, is said to be on its way; a faster one is just there. */
const SAID_AFTER_MS = 150;
/** What leads back to the same address never arrives; nobody is told longer than this, in milliseconds. */
const SAID_FOR_MS = 20_000;

let said = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function say(next: boolean) {
  if (said === next) return;
  said = next;
  for (const listener of listeners) listener();
}

/** The router has been asked for an address. */
export function goingTo(url: string): void {
  const to = new URL(url, window.location.href);
  if (to.pathname === window.location.pathname && to.search === window.location.search) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    say(true);
    timer = setTimeout(arrived, SAID_FOR_MS);
  }, SAID_AFTER_MS);
}

/** A page is there. */
export function arrived(): void {
  clearTimeout(timer);
  say(false);
}

/** For `useSyncExternalStore`. */
export const going = {
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  isSaid: () => said,
};
