import { describe, expect, test } from "vitest";
import { paneLayouts } from "./panes-cookie.ts";

describe("the remembered sizes of the panes", () => {
  test("come back as they were left", () => {
    const left = { incident: { reading: 60, side: 40 }, reading: { thread: 50, record: 50 } };
    expect(paneLayouts(encodeURIComponent(JSON.stringify(left)))).toEqual(left);
  });

  test.each([undefined, "", "%", "null", "[1]", '{"incident":{"reading":"60"}}', '{"incident":7}'])(
    "are none for %s",
    (cookie) => {
      const { incident, reading } = paneLayouts(cookie);
      expect([incident, reading]).toEqual([undefined, undefined]);
    },
  );
});
