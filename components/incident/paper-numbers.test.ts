import { expect, test } from "vitest";
import type { ClaimView } from "#lib/contracts/views.ts";
import { citedInOrder } from "./paper-numbers.ts";

const cite = (evidenceId: string | null, quote: string) => ({
  evidenceId,
  label: evidenceId ?? "E?",
  quote,
  start: null,
  end: null,
});
const claim = (...citations: ClaimView["citations"]) => ({ citations }) as ClaimView;

test("a record has one number in all summaries, by where it is met first, and its words once", () => {
  const cited = citedInOrder([
    { claims: [claim(cite("E9", "one")), claim(cite("E2", "two"), cite("E9", "one"))] },
    { claims: [claim(cite(null, "lost")), claim(cite("E2", "else"), cite("E5", ""))] },
  ]);
  expect(cited).toEqual([
    { number: 1, evidenceId: "E9", label: "E9", quotes: ["one"] },
    { number: 2, evidenceId: "E2", label: "E2", quotes: ["two", "else"] },
    { number: 3, evidenceId: "E5", label: "E5", quotes: [] },
  ]);
});
