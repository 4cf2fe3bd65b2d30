import { expect, test } from "vitest";
import type { DecisionView } from "#lib/contracts/views.ts";
import { statusLine } from "./status-line.ts";

type Input = Parameters<typeof statusLine>[0];

function line(over: Partial<Input> & Partial<Pick<DecisionView, "state" | "signOffs">>): string {
  const { state = "proposed", signOffs = [], ...rest } = over;
  return statusLine({
    decision: { kind: "closure", state, signOffs },
    reasons: [],
    lines: [{ words: "1 of 2 signatures", met: false }],
    beside: { cited: [1, 2], openedCount: 1, at: null },
    ...rest,
  });
}

const LEA = {
  id: "s",
  person: { id: "p", name: "Lea", role: "lead" },
  outcome: "approved",
  assurance: "passkey",
  reason: null,
  void: null,
  at: "2026-03-01T10:00:00.000Z",
} as const;

test.each<[change: string, over: Parameters<typeof line>[0], words: string]>([
  ["a new sign-off", { signOffs: [LEA] }, "Last signed by Lea."],
  [
    "a rejection",
    { state: "rejected", signOffs: [{ ...LEA, outcome: "rejected" }] },
    "Closure: rejected. Last rejected by Lea.",
  ],
  [
    "facts that moved",
    { reasons: [{ code: "stale", sentence: "It went stale." }] },
    "It went stale.",
  ],
  [
    "its time running out",
    { reasons: [{ code: "expired", sentence: "It expired." }] },
    "It expired.",
  ],
  ["the last thing missing", { lines: [] }, "Nothing is missing."],
  [
    "a record that was opened",
    { beside: { cited: [1, 2], openedCount: 2, at: { label: "E7" } } },
    "E7 stands beside the statement; 2 of 2 opened.",
  ],
])("the line that is read aloud tells %s", (_change, over, words) => {
  expect(line(over)).toContain(words);
  expect(line({})).not.toContain(words);
});

test("it does not change with the clock or with why this reader may not sign", () => {
  const own = [{ code: "signer_is_proposer", sentence: "You proposed this." }];
  expect(line({ reasons: own })).toBe(line({}));
});
