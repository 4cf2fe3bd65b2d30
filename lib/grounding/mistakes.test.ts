import { describe, expect, test } from "vitest";
import { MISTAKES } from "./mistakes.ts";
import { verifyClaims } from "./verify-claim.ts";
import { rawText, records } from "./verify-fixtures.ts";

describe("what the verifier once judged wrongly", () => {
  test.each(MISTAKES)("$operator $what: no longer $once", ({ claim, right }) => {
    const [verified] = verifyClaims([claim], { records, rawText, capped: false });
    const why = verified?.checks.filter((c) => c.effect !== "supported");
    expect(right, JSON.stringify(why)).toContain(verified?.standing);
  });
});
