/** What the two screens of the desk may weigh. Bytes, never times: the same build weighs the same everywhere. */
import { randomUUID } from "node:crypto";
import { FIRST_LOAD_HELD_KB, kilobytes, weigh } from "#lib/cli/bench/desk/scripts.ts";
import { expect, test } from "./fixtures.ts";
import { summarisedCase } from "./desk-steps.ts";

test("the queue and an incident keep to what they may weigh, and what waits for a click is not in it", async ({
  desk,
}) => {
  const { number } = await summarisedCase(desk, `weight-${randomUUID().slice(0, 8)}`);
  const page = await desk.signIn("analyst");
  const read = async (path: string) => (await page.request.get(path)).text();
  for (const [screen, path] of [
    ["queue", "/incidents?view=all"],
    ["incident", `/incidents/${number}`],
  ] as const) {
    await test.step(screen, async () => {
      const scripts = await weigh(await read(path), read);
      expect(scripts.length).toBeGreaterThan(5);
      const heaviest = scripts.slice(0, 5).map((each) => `${each.bytes} ${each.path}`);
      expect(kilobytes(scripts), heaviest.join("\n")).toBeLessThanOrEqual(
        FIRST_LOAD_HELD_KB[screen],
      );
      const texts = await Promise.all(scripts.map(({ path: each }) => read(each)));
      for (const words of LATER) {
        expect(
          texts.filter((text) => text.includes(words)),
          words,
        ).toEqual([]);
      }
    });
  }
});

/** Words of what is fetched once the page stands: the pictures, the palette, the form of a closure of several. */
const LATER = [
  "Nobody is named together with anybody",
  "Nothing here is called that.",
  "Looking at each incident.",
];
