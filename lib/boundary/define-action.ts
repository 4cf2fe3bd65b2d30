import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { z } from "zod";
import { currentPerson } from "#lib/auth/current-person.ts";
import type { LivePerson } from "#lib/auth/session.ts";
import type { Db } from "#lib/db/prisma.ts";
import { may, permissionSentence } from "#lib/domain/people/permissions.ts";
import type { Permission } from "#lib/domain/people/permissions.ts";
import { isProblem } from "#lib/domain/problem.ts";
import { db } from "./data.ts";
import { log } from "./log.ts";
import { tellRefused } from "./tell-refused.ts";

export type Refusal = {
  ok: false;
  code: string;
  message: string;
  reasons?: { code: string; sentence: string }[];
  fieldErrors?: Record<string, string[]>;
};
export type ActionResult<T> = { ok: true; data: T } | Refusal;

type Definition<Schema extends z.ZodType, T> = {
  /** noun_verb, for the log and the list of doors. */
  name: string;
  permission: Permission;
  input: Schema;
  /** May return a refusal as a value, or throw a Problem. */
  run: (context: { person: LivePerson; input: z.output<Schema>; db: Db }) => Promise<T | Refusal>;
};

/** Everything a server action does after it knows who asks; also how tests knock at this door. */
export async function runAction<Schema extends z.ZodType, T>(
  definition: Definition<Schema, T>,
  context: { person: LivePerson | null; db: Db },
  rawInput: unknown,
): Promise<ActionResult<T>> {
  const { person } = context;
  if (!person) {
    return refusal("signed_out", "Your session has ended. Sign in again; nothing was changed.");
  }
  if (!may(person.role, definition.permission)) {
    const { name: door, permission } = definition;
    await tellRefused(context.db, person, { door, permission });
    return refusal(
      "not_allowed",
      `Your role (${person.role}) may not do this: ${permissionSentence(definition.permission)}`,
    );
  }
  const parsed = definition.input.safeParse(rawInput);
  if (!parsed.success) {
    const { fieldErrors, formErrors } = parsed.error.flatten() as {
      fieldErrors: Record<string, string[]>;
      formErrors: string[];
    };
    const first = formErrors[0] ?? Object.values(fieldErrors)[0]?.[0] ?? "The input is not valid.";
    return { ...refusal("input_invalid", first), fieldErrors };
  }
  try {
    const data = await definition.run({ person, input: parsed.data, db: context.db });
    return isRefusal(data) ? data : { ok: true, data };
  } catch (error) {
    unstable_rethrow(error);
    if (isProblem(error)) return { ...refusal(error.code, error.publicMessage), ...error.details };
    log().error({ door: definition.name, err: error }, "an action failed");
    // A commit whose answer was lost may have been made.
    return refusal(
      "internal",
      "Something went wrong on our side. It may have been done all the same: look before you repeat it.",
    );
  }
}

/**
 * A server action for people. In order: where from, who are you, may you, is the input well formed, call the
 * command, shape the answer. It never throws for an expected failure.
 */
export function defineAction<Schema extends z.ZodType, T>(
  definition: Definition<Schema, T>,
): (input: z.input<Schema>) => Promise<ActionResult<T>> {
  async function action(input: z.input<Schema>): Promise<ActionResult<T>> {
    if (!saysWhereFrom(await headers())) {
      return refusal(
        "origin_missing",
        "The request does not say which page it comes from. Nothing was changed.",
      );
    }
    return runAction(definition, { person: await currentPerson(), db: db() }, input);
  }
  return Object.assign(action, { definition });
}

/** Next compares Origin with Host when there is one, and lets a request without it through. Every browser sends it. */
function saysWhereFrom(given: { get: (name: string) => string | null }): boolean {
  const site = given.get("sec-fetch-site");
  return given.get("origin") !== null && (site === null || site === "same-origin");
}

function refusal(code: string, message: string): Refusal {
  return { ok: false, code, message };
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && (value as { ok?: unknown }).ok === false;
}
