import { expect, test } from "vitest";
import { CONTROL_ANSWERS, CONTROLS, FRAMEWORKS } from "./controls.ts";

test("each reference stands once, has a source, and something that answers it", () => {
  const keys = CONTROLS.map(({ framework, id }) => `${framework} ${id}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { framework, answers } of CONTROLS) {
    expect(FRAMEWORKS[framework].source).toMatch(/^https:\/\//);
    expect(answers.length).toBeGreaterThan(0);
  }
});

test("every framework has references, and every answer is one to something", () => {
  for (const key of Object.keys(FRAMEWORKS))
    expect(CONTROLS.some(({ framework }) => framework === key)).toBe(true);
  for (const answer of Object.keys(CONTROL_ANSWERS))
    expect(CONTROLS.some(({ answers }) => (answers as string[]).includes(answer))).toBe(true);
});

test.each([
  ["euAiAct", /^Article \d+(\(\d\))?$/],
  ["owaspLlm", /^LLM(0[1-9]|10):2025$/],
  ["owaspAgentic", /^ASI(0[1-9]|10)$/],
] as const)("references to %s are written as it numbers them", (framework, form) => {
  for (const control of CONTROLS.filter((one) => one.framework === framework))
    expect(control.id).toMatch(form);
});
