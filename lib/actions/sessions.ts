"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { endAllSessions } from "#lib/commands/end-all-sessions.ts";
import { endSession } from "#lib/commands/end-session.ts";
import { notFound } from "#lib/domain/problem.ts";
import { endAllSessionsInput, endSessionInput } from "#lib/contracts/desk-inputs.ts";
import { by } from "./by.ts";

/** Ends one of the person's own sessions. */
export const endSessionAction = defineAction({
  name: "session_end",
  permission: "session:end",
  input: endSessionInput,
  run: async ({ person, input, db }) => {
    const { ended } = await endSession(db, input, by(person));
    if (ended === 0) throw notFound("session");
    return { ended };
  },
});

/** Ends all of the person's own sessions, this one too. */
export const endAllSessionsAction = defineAction({
  name: "session_end_all",
  permission: "session:end",
  input: endAllSessionsInput,
  run: ({ person, db }) => endAllSessions(db, { personId: person.id }, by(person)),
});
