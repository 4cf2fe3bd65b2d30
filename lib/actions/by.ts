import type { LivePerson } from "#lib/auth/session.ts";
import type { Actor } from "#lib/commands/actor.ts";

/** The signed-in person as the one who does it; never taken from what the browser sent. */
export function by({ id, role }: LivePerson): Actor & { kind: "person" } {
  return { kind: "person", id, role };
}
