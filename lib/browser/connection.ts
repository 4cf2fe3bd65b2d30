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

function up(): void {
  clearTimeout(timer);
  timer = undefined;
  tell(false);
}

function down(): void {
  timer ??= setTimeout(() => tell(true), navigator.onLine ? GRACE_MS : 0);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("offline", down);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("offline", down);
  };
}

/** Whether the browser has the server. The stream of live updates says so, and the browser's own word that it is offline. */
export const connection = { subscribe, isLost: (): boolean => lost, up, down } as const;
