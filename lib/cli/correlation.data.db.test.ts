import { join } from "node:path";
import { expect, test } from "vitest";
import { testDatabase } from "#lib/db/testing.ts";
import { sampleDataDirectory } from "#lib/env.ts";
import { pairwiseFigures, scorePairs } from "./correlation-figures.ts";

const folder = sampleDataDirectory();

test("pairs are scored against the truth", () => {
  expect(
    scorePairs([
      [1, "a"],
      [1, "a"],
      [2, "b"],
    ]),
  ).toEqual({ precision: 1, recall: 1, f1: 1 });
  expect(
    scorePairs([
      [1, "a"],
      [1, "b"],
      [2, "b"],
    ]),
  ).toEqual({ precision: 0, recall: 0, f1: 0 });
  expect(
    scorePairs([
      [1, "a"],
      [1, "a"],
      [2, "a"],
    ]),
  ).toMatchObject({ precision: 1 / 3, recall: 1 });
});

test.skipIf(!folder)(
  "real alerts fall into the incidents of their source (needs COUNTERSIGN_DATA_DIR)",
  { timeout: 120_000 },
  async () => {
    const figures = await pairwiseFigures(testDatabase, join(folder ?? "", "security"));
    for (const { id, value, n, note } of figures) console.log(`${id} ${value} n=${n} ${note}`);
    const value = (id: string): number => figures.find((figure) => figure.id === id)?.value ?? 0;
    expect(value("xdr_with_rows_f1")).toBe(1);
    expect(value("xdr_without_rows_f1")).toBe(1);
    // No id of the source: a floor against regressions, not a promise.
    expect(value("xdr_values_only_f1")).toBeGreaterThan(0.9);
  },
);
