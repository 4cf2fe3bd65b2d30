import { expect, test } from "vitest";
import { askExportInput } from "#lib/contracts/export-inputs.ts";
import { draftOfFilter, incidentDraft, scopeInput } from "./export-draft.ts";

const PERSON = "0199c0de-0000-7000-8000-000000000001";
const NONE = {
  ...{ seq: "", incident: "", kind: "", actor: "", role: "" },
  ...{ model: "", prompt: "", from: "", to: "" },
};
const TIMES = { from: "2026-03-01T02:00:00.000Z", to: "2026-03-01T06:00:00.000Z" };

test.each([
  [{}, { kind: "log" }, false],
  [{ incident: "INC-000012" }, { kind: "incident", incident: "INC-000012" }, false],
  [{ actor: `person:${PERSON}` }, { kind: "person", person: PERSON }, false],
  [{ model: "m-1" }, { kind: "model", model: "m-1" }, false],
  [{ prompt: "summary/3" }, { kind: "prompt", prompt: "summary/3" }, false],
  [TIMES, { kind: "period", since: TIMES.from, until: TIMES.to }, false],
  [{ kind: "decisions" }, { kind: "log" }, true],
  [{ actor: "model:m-1" }, { kind: "log" }, true],
  [{ incident: "INC-000012", ...TIMES }, { kind: "incident", incident: "INC-000012" }, true],
])("the search %o is offered as %o", (filter, scope, isNarrower) => {
  const found = draftOfFilter({ ...NONE, ...filter });
  expect(scopeInput(found.draft)).toEqual(scope);
  expect(found.isNarrower).toBe(isNarrower);
});

const NOTHING = { evidence: false, names: false, payloads: false };
const period = (since: string, until: string) =>
  scopeInput({ ...incidentDraft(""), kind: "period", since, until });
const problemOf = (scope: unknown, format = "bundle", withheld = NOTHING) => {
  const parsed = askExportInput.safeParse({ scope, format, withheld });
  return parsed.success ? null : parsed.error.issues[0]!.message;
};

test.each([
  [period("2026-03-01 02:00", "2026-03-01 06:00"), null],
  [period("2026-03-01 06:00", "2026-03-01 02:00"), "It must end after it begins."],
  [period("", "2026-03-01 02:00"), "Write when it begins, in UTC."],
  [period("2026-03-01", "soon"), "Write when it ends, in UTC."],
  [{ kind: "incident", incident: "INC-" }, "Write an incident's number, such as INC-000123."],
  [{ kind: "person", person: "" }, "Choose a person."],
  [{ kind: "model", model: " " }, "Choose a model."],
  [{ kind: "prompt", prompt: "a\u0000b" }, "Remove the null character."],
])("of what is asked for, %o, is said: %s", (scope, words) => {
  expect(problemOf(scope)).toBe(words);
});

test("only a bundle leaves parts out", () => {
  const withheld = { ...NOTHING, names: true };
  expect(problemOf({ kind: "log" }, "bundle", withheld)).toBeNull();
  expect(problemOf({ kind: "log" }, "jsonl", withheld)).toMatch(/^Only a bundle/);
});
