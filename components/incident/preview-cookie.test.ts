import fc from "fast-check";
import { expect, test } from "vitest";
import { previewCookie, previewLook, PREVIEW_WIDTH } from "./preview-cookie.ts";

test("what is kept is found again, within the widths that a screen has room for", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.double({ min: -1e6, max: 1e6, noNaN: true }), (open, width) => {
      const found = previewLook(previewCookie({ open, width }));
      expect(found.open).toBe(open);
      expect(found.width).toBeGreaterThanOrEqual(PREVIEW_WIDTH.min);
      expect(found.width).toBeLessThanOrEqual(PREVIEW_WIDTH.max);
    }),
  );
  const fits = fc.integer({ min: PREVIEW_WIDTH.min, max: PREVIEW_WIDTH.max });
  fc.assert(
    fc.property(fits, (width) => {
      expect(previewLook(previewCookie({ open: false, width })).width).toBe(width);
    }),
  );
});

test.each([undefined, "", "open", "open:", "shut:400", "open:40", "open:1e3", "open:400:x"])(
  "%j is the first look",
  (cookie) => {
    expect(previewLook(cookie)).toEqual({ open: true, width: PREVIEW_WIDTH.first });
  },
);
