/** A loss shorter than this is mended before anybody needs to know: a stream ends by itself every few minutes. */
const GRACE_MS = 6_000;

const listeners = new Set<() => void>();
let lost = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function tell(next: boolean) {
  if (lost === next) return;
  lost = next;
  for (const each of listeners) each();
}

/** Whether the browser has the server. The stream of live updates says so, and the browser's own word that it is offline. */
export const connection = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    window.addEventListener("offline", connection.down);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("offline", connection.down);
    };
  },
  isLost: () => lost,
  up() {
    clearTimeout(timer);
    timer = undefined;
    tell(false);
  },
  down() {
    timer ??= setTimeout(() => tell(true), navigator.onLine ? GRACE_MS : 0);
  },
};
