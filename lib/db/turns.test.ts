import { expect, test } from "vitest";
import { turns } from "./turns.ts";

function gates(count: number) {
  return Array.from({ length: count }, () => Promise.withResolvers<void>());
}

test("so many run at a time, the others in the order in which they came, a failure among them", async () => {
  const inTurn = turns(2);
  const doors = gates(5);
  const begun: number[] = [];
  const results = doors.map(({ promise }, n) =>
    inTurn(async () => {
      begun.push(n);
      await promise;
      if (n === 1) throw new Error("refused");
      return n;
    }),
  );
  const settled = Promise.allSettled(results);
  expect(begun).toEqual([0, 1]);
  doors[1]!.resolve();
  await expect(results[1]).rejects.toThrow("refused");
  expect(begun).toEqual([0, 1, 2]);
  doors[2]!.resolve();
  await results[2];
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const door of doors) door.resolve();
  expect((await settled).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
    "fulfilled",
  ]);
  expect(await inTurn(async () => "again")).toBe("again");
});
