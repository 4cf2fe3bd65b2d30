import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The address at the other end of the connection of the request at hand. Next gives a route no socket, so the
 * server's preload (lib/cli/web-front.ts) keeps it here; on globalThis, because that file is outside the bundle.
 */
const shared: { countersignPeer?: AsyncLocalStorage<string> } = globalThis as object;

export function withPeer<T>(address: string, run: () => T): T {
  return (shared.countersignPeer ??= new AsyncLocalStorage()).run(address, run);
}

/** Null outside a request, or when the server was started without the preload. */
export function peerAddress(): string | null {
  return shared.countersignPeer?.getStore() ?? null;
}
