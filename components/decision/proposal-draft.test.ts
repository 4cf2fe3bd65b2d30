import { describe, expect, test } from "vitest";
import { contentOf, emptyDraft } from "./proposal-draft.ts";

describe("a proposal's draft", () => {
  test("names what is missing, all of it", () => {
    expect(contentOf(emptyDraft("escalation"))).toEqual({
      errors: {
        reason: ["Write why, in at least 10 characters; the signer reads it."],
        to: ["Say who takes it from here."],
      },
    });
    expect(contentOf(emptyDraft("closure"))).toMatchObject({
      errors: { classification: ["Choose a classification."] },
    });
  });

  test("becomes content once it is whole, without the spaces around", () => {
    const draft = { ...emptyDraft("escalation"), reason: " Spread to two hosts ", to: " Tier 3 " };
    expect(contentOf(draft)).toEqual({
      content: { kind: "escalation", reason: "Spread to two hosts", to: "Tier 3" },
    });
  });

  test("refuses the same action on the same target twice", () => {
    const actions = [
      { action: "isolate_host" as const, target: "ws-1" },
      { action: "isolate_host" as const, target: "ws-1 " },
    ];
    expect(
      contentOf({ ...emptyDraft("containment"), reason: "Beacon on the host", actions }),
    ).toMatchObject({
      errors: { actions: ["Two rows name the same action on the same target."] },
    });
  });
});
