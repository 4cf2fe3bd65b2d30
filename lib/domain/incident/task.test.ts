import { expect, test } from "vitest";
import { byFit, progressOf, progressWords } from "./task.ts";

test("what is not needed is neither done nor to do", () => {
  const tasks = (["done", "open", "not_needed", "done"] as const).map((state) => ({ state }));
  expect(progressWords(progressOf(tasks))).toBe("2 of 3 done");
});

const any = { name: "any", incidentTypes: [], rank: 0 };
const phishing = { name: "phishing", incidentTypes: ["initial-access"], rank: 10 };
const theft = { name: "theft", incidentTypes: ["exfiltration", "collection"], rank: 40 };

test.each([
  ["no type: the one for any incident", [], ["any", "theft", "phishing"]],
  ["its type before any", ["initial-access"], ["phishing", "any", "theft"]],
  [
    "of two that fit, the higher rank",
    ["initial-access", "collection"],
    ["theft", "phishing", "any"],
  ],
  ["a type that none names", ["discovery"], ["any", "theft", "phishing"]],
])("%s", (_name, types, order) => {
  expect(byFit([phishing, any, theft], types).map(({ name }) => name)).toEqual(order);
});
