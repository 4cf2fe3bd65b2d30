/** Loaded before Next (`node --import`): remembers who is at the other end of each connection. */
import { Server } from "node:http";
import { withPeer } from "#lib/auth/peer.ts";

type Emit = (this: Server, event: string | symbol, ...values: unknown[]) => boolean;
type WithSocket = { socket?: { remoteAddress?: string } };

const emit = Server.prototype.emit as Emit;

Server.prototype.emit = function emitWithPeer(this: Server, event: string | symbol, ...values: unknown[]) {
  if (event !== "request") return emit.call(this, event, ...values);
  const address = (values[0] as WithSocket).socket?.remoteAddress ?? "unknown";
  return withPeer(address, () => emit.call(this, event, ...values));
} as typeof Server.prototype.emit;
