import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FEWEST = 25;

test("whatever a browser loads tells zod first to make no functions out of text", () => {
  const files = globSync("{app,components,lib/browser,lib/contracts}/**/*.{ts,tsx}");
  const withZod = files.filter(
    (file) => !/\.test\.tsx?$|no-eval\.ts$/.test(file) && /from "zod"/.test(text(file)),
  );
  expect(withZod.length).toBeGreaterThanOrEqual(FEWEST);
  expect(
    withZod.filter((file) => !/^import "(\.|#lib\/contracts)\/no-eval\.ts";$/m.test(text(file))),
  ).toEqual([]);
});

function text(file: string): string {
  return readFileSync(file, "utf8");
}
