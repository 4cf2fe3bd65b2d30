import { expect, test } from "vitest";
import { moved } from "#lib/domain/incident/playbook.ts";
import { contentOf, newStep, playbookFormOf, playbookFormSchema } from "./playbook-form.ts";

const content = {
  incidentTypes: ["impact" as const],
  rank: 7,
  steps: [
    { title: "One", details: "", tactic: null },
    { title: "Two", details: "How.", tactic: "impact" as const },
  ],
};

test("what is shown is what is sent, and a draft of it can be taken up again", () => {
  const form = playbookFormOf("Any", content);
  expect(contentOf(form)).toEqual(content);
  expect(playbookFormSchema.parse(JSON.parse(JSON.stringify(form)))).toEqual(form);
});

test("a new one, and one that was retired, begins with a step to fill in, which alone is nothing", () => {
  for (const before of [null, { ...content, steps: [] }]) {
    const form = playbookFormOf("", before);
    expect(form.steps).toEqual([{ id: 0, title: "", details: "", tactic: null }]);
    expect(contentOf(form).steps).toEqual([]);
  }
});

test("a step without a title and with words is sent, to be refused at its place", () => {
  const form = playbookFormOf("Any", content);
  const steps = [...form.steps, { ...newStep(form.steps), details: " Only how. " }];
  expect(contentOf({ ...form, steps }).steps[2]).toEqual({
    title: "",
    details: "Only how.",
    tactic: null,
  });
  expect(steps.map(({ id }) => id)).toEqual([0, 1, 2]);
});

test.each([
  ["12", 12],
  [" 12 ", 12],
  ["", -1],
  ["-3", -1],
  ["1e3", -1],
  ["twelve", -1],
])("the rank %j is sent as %d", (rank, sent) => {
  expect(contentOf({ ...playbookFormOf("", content), rank }).rank).toBe(sent);
});

test("a step goes up and down, and not past the ends", () => {
  const list = ["a", "b", "c"];
  expect(moved(list, 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(list, 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(list, 0, -1)).toBe(list);
  expect(moved(list, 2, 1)).toBe(list);
  expect(moved(list, 9, 1)).toBe(list);
});
