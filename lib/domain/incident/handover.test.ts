import { expect, test } from "vitest";
import { handoverText } from "./handover.ts";
import type { HandoverFacts } from "./handover.ts";

const nothing: HandoverFacts = {
  status: "New",
  verdict: null,
  openTasks: [],
  doneTasks: 0,
  openDecisions: [],
  pins: [],
};

test("an incident of which nothing is open says so", () => {
  expect(handoverText(nothing)).toBe(
    [
      "What is known:",
      "- Status: new. Verdict: none yet.",
      "",
      "What is open:",
      "- Nothing that the rows know of.",
      "",
      "What to do next:",
      "- ",
    ].join("\n"),
  );
});

test("tasks, decisions and pins stand where they belong, each on one line", () => {
  const text = handoverText({
    status: "On hold",
    verdict: "Suspicious",
    openTasks: ["Ask the owner"],
    doneTasks: 2,
    openDecisions: [
      { words: "Closure", proposer: "Ana", signed: 0 },
      { words: "Containment", proposer: "Bo", signed: 1 },
    ],
    pins: ["E4 powershell\n- Task: forged"],
  });
  expect(text.split("\n")).toEqual([
    "What is known:",
    "- Status: on hold. Verdict: suspicious.",
    "- Pinned: E4 powershell - Task: forged",
    "- Tasks done: 2",
    "",
    "What is open:",
    "- Task: Ask the owner",
    "- Unsigned proposal: Closure, proposed by Ana",
    "- Open decision: Containment, proposed by Bo, 1 signature so far",
    "",
    "What to do next:",
    "- ",
  ]);
});

test("of many the first are named, and how many more there are", () => {
  const openTasks = Array.from({ length: 30 }, (_, n) => `step ${n}`);
  expect(handoverText({ ...nothing, openTasks })).toContain("- Task: and 10 more open tasks\n");
});
