import { expect, test } from "vitest";
import type { SealView } from "#lib/contracts/views.ts";
import { sealWords } from "./seal-words.ts";

const NOW = Date.parse("2026-03-01T02:20:00Z");
const SEALED: SealView = {
  size: 1200,
  sealedSize: 1200,
  root: "ab".repeat(32),
  sealedAt: "2026-03-01T02:19:48Z",
  waitingSince: null,
  frozenAt: null,
  witness: null,
  timeStamp: null,
};
const WAITING = { ...SEALED, sealedSize: 1199, waitingSince: "2026-03-01T02:19:50Z" };

test.each<
  [what: string, seal: SealView | undefined, failed: boolean, state: string, words: RegExp]
>([
  ["all sealed", SEALED, false, "sealed", /^sealed 12 s ago$/],
  ["one newer", WAITING, false, "pending", /^sealed 12 s ago$/],
  [
    "one that waits five minutes",
    { ...WAITING, waitingSince: "2026-03-01T02:15:00Z" },
    false,
    "late",
    /^seal late by 5 min/,
  ],
  [
    "one that waits just less",
    { ...WAITING, waitingSince: "2026-03-01T02:15:00.001Z" },
    false,
    "pending",
    /^sealed/,
  ],
  [
    "never sealed",
    { ...WAITING, sealedSize: 0, sealedAt: null, root: null },
    false,
    "none",
    /^not sealed yet$/,
  ],
  [
    "never sealed for long",
    { ...WAITING, sealedSize: 0, sealedAt: null, waitingSince: "2026-03-01T01:00:00Z" },
    false,
    "late",
    /^seal late/,
  ],
  [
    "a clock behind the server's",
    { ...SEALED, sealedAt: "2026-03-01T02:20:30Z" },
    false,
    "sealed",
    /^sealed 0 s ago$|^sealed now/,
  ],
  [
    "frozen",
    { ...WAITING, waitingSince: "2026-03-01T02:00:00Z", frozenAt: "2026-03-01T02:00:00Z" },
    false,
    "frozen",
    /^log frozen$/,
  ],
  ["no answer yet", undefined, false, "unknown", /^sealed …$/],
  ["no answer", undefined, true, "unknown", /^seal unknown$/],
  ["an old answer", SEALED, true, "sealed", /^sealed/],
])("%s", (_what, seal, failed, state, words) => {
  const said = sealWords(seal, failed, NOW);
  expect(said.state).toBe(state);
  expect(said.words).toMatch(words);
});

test("how many wait is told, one apart from many", () => {
  expect(sealWords(WAITING, false, NOW).sentence).toMatch(/^1 entry is newer/);
  expect(sealWords({ ...WAITING, size: 9999 }, false, NOW).sentence).toMatch(
    /^8,800 entries are newer/,
  );
});
