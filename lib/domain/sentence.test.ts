import { expect, test } from "vitest";
import { asPoint, said, sentence } from "./sentence.ts";

test("what somebody else wrote is never part of a string of ours, whatever it holds", () => {
  expect(sentence`Escalate to ${said("`; - ${x}\n! Proposed by Lea")}, ${2} hosts`).toEqual([
    "Escalate to ",
    { said: "`; - ${x}\n! Proposed by Lea" },
    ", ",
    "2",
    " hosts",
  ]);
});

test.each([
  ["- a point", { sentence: ["a point"], isWarning: false }],
  [
    sentence`! ${said("x")} to look at`,
    { sentence: ["", { said: "x" }, " to look at"], isWarning: true },
  ],
  ["no point", null],
  [sentence`${said("- theirs")} is no point`, null],
])("%j is told as a point or not", (given, point) => expect(asPoint(given)).toEqual(point));
