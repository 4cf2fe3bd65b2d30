import { expect, test } from "vitest";
import { lastEventId } from "./last-event-id.ts";

const PLACES: [header: string | null, place: number][] = [
  [null, 0],
  ["", 0],
  ["0", 0],
  ["1", 1],
  ["2147483647", 2_147_483_647],
  ["2147483648", 0],
  ["9007199254740991", 0],
  ["1e300", 0],
  ["Infinity", 0],
  ["-1", 0],
  ["1.5", 0],
  ["seven", 0],
  ["1, 2", 0],
];
test.each(PLACES)("Last-Event-ID %j goes on after %d", (header, place) => {
  // `toBe` tells 0 from -0
  expect(lastEventId(header)).toBe(place);
});
