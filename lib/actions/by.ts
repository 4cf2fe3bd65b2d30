import type { LivePerson } from "#lib/auth/session.ts";
import { personActor, type PersonActor } from "#lib/commands/actor.ts";

/** The signed-in person as the one who does it; never taken from what the browser sent. */
export function by(person: LivePerson): PersonActor {
  return personActor(person);
}
