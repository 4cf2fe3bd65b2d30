import { expect, test } from "vitest";
import { secondsWords } from "#components/ui/time-words.ts";
import { leftOutWords, nameWords, redactionWords, valueWords } from "./run-words.ts";

test.each([
  [0, "0 ms"],
  [412.4, "412 ms"],
  [1400, "1.4 s"],
  [60_000, "1 min"],
  [125_000, "2 min 5 s"],
])("%d ms is %s", (ms, words) => {
  expect(secondsWords(ms)).toBe(words);
});

test("what was left out names what and how much, and nothing when nothing was", () => {
  expect(leftOutWords({ alerts: 0, events: 0, withheld: 0 })).toBe("nothing");
  expect(leftOutWords({ alerts: 1, events: 1200, withheld: 2 })).toBe(
    "1 alert, 1,200 events, 2 records too sensitive for this model",
  );
});

test("replaced values are listed by class, most first", () => {
  const counts = { user: 3, "secret.jwt": 1, host: 3, public_ip: 2, mail: 0 };
  expect(redactionWords(counts)).toEqual([
    "3 hosts",
    "3 users",
    "2 public addresses",
    "1 secret: jwt",
  ]);
});

test.each([
  ["maxTokens", "Max tokens"],
  ["cache_read_input_tokens", "Cache read input tokens"],
  ["effort", "Effort"],
])("the name %s is shown as %s", (name, words) => {
  expect(nameWords(name)).toBe(words);
});

test.each([
  [null, "not sent"],
  [true, "yes"],
  [6000, "6,000"],
  ["enforced", "enforced"],
  [["a"], '["a"]'],
])("the value %j is shown as %s", (value, words) => {
  expect(valueWords(value)).toBe(words);
});
