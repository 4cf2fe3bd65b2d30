import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { runAction } from "./define-action.ts";
import { responseOfError } from "./problem-response.ts";

beforeAll(() => {
  process.env["LOG_LEVEL"] = "silent";
});

const lost = new Error("Connection terminated unexpectedly");
const person = { id: "p", name: "P", role: "analyst", sessionId: "s" } as const;

test("an answer that was lost, perhaps after the commit, does not promise that nothing was changed", async () => {
  const definition = {
    name: "note_add",
    permission: "note:add",
    input: z.object({}),
    run: () => Promise.reject(lost),
  } as const;
  const answer = await runAction(definition, { person, db: {} as never }, {});
  expect(answer).toMatchObject({ ok: false, code: "internal" });
  const problem = (await responseOfError(lost, "alerts_post").json()) as { detail: string };
  for (const words of [(answer as { message: string }).message, problem.detail]) {
    expect(words).toMatch(/may have been done/);
    expect(words).not.toMatch(/nothing was changed/i);
    expect(words).not.toContain(lost.message);
  }
});
