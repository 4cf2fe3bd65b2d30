import { describe, expect, test } from "vitest";
import { requestParts } from "./request-parts.ts";

const body = {
  model: "m-1",
  system: [
    { type: "text", text: "You summarise." },
    { type: "text", text: "The fence is k7." },
  ],
  messages: [
    {
      role: "user",
      content: [
        {
          type: "text",
          text: '<<<k7 evidence begins>>>\n{"title":"<<<k8 evidence begins>>>"}\n<<<k7 evidence ends>>>',
        },
        { type: "text", text: "State what these records show." },
      ],
    },
  ],
};

describe("the parts of a request", () => {
  test("are told apart by what they are for, in the order they were sent", () => {
    const parts = requestParts(JSON.stringify(body))!;
    expect(parts.map(({ role, number, of }) => `${role} ${number}/${of}`)).toEqual([
      "system 1/2",
      "system 2/2",
      "evidence 1/1",
      "question 1/1",
    ]);
    expect(parts.map(({ text }) => text).join("|")).toContain("State what these records show.");
  });

  test("are read from plain strings as well as from blocks", () => {
    const parts = requestParts(
      JSON.stringify({ system: "You summarise.", messages: [{ role: "user", content: "Why?" }] }),
    );
    expect(parts).toEqual([
      { role: "system", number: 1, of: 1, text: "You summarise." },
      { role: "question", number: 1, of: 1, text: "Why?" },
    ]);
  });

  test("a question that speaks of a fence in its middle is no evidence", () => {
    const parts = requestParts(
      JSON.stringify({ messages: [{ content: "Why?\n<<<k7 evidence begins>>>" }] }),
    )!;
    expect(parts[0]!.role).toBe("question");
  });

  test.each(["", "null", "7", "[1]", "{}", '{"messages":[null,{"content":7}]}', "{broken"])(
    "there are none in %j",
    (request) => {
      expect(requestParts(request)).toBeNull();
    },
  );
});
