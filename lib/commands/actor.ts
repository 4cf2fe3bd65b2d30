import { sessionDigest } from "#lib/trail/line.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

/** Who does it: `person:<uuid>`, `source:<uuid>`, `model:<id>` or `system:<process>` on the trail. */
export type Actor = PersonActor | { kind: "source" | "model" | "system"; id: string };
export type PersonActor = {
  kind: "person";
  id: string;
  role?: Role;
  /** `sessionDigest` of the session it is done in; null on the command line alone. */
  session: string | null;
};

type InSession = { id: string; role?: Role; sessionId: string };

/** A person as the one who does it, in the session that was found to be theirs. */
export function personActor({ id, role, sessionId }: InSession): PersonActor {
  return { kind: "person", id, role, session: sessionDigest(sessionId) };
}

/** Who reads through a door: a person, or a machine by its token. */
export function readerActor(
  caller: { kind: "person"; person: InSession } | { kind: "token"; name: string },
): Actor {
  if (caller.kind === "token") return { kind: "system", id: `token:${caller.name}` };
  return personActor(caller.person);
}

export function actorText({ kind, id }: Pick<Actor, "kind" | "id">): string {
  if (kind !== "system") return `${kind}:${id}`;
  return `system:${id
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .slice(0, 100)}`;
}
