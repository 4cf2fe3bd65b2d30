import { expect, test } from "vitest";
import { kilobytes, scriptsNamed, weigh } from "./scripts.ts";

const PAGE = `<script src="/_next/static/chunks/a.js" async=""></script>
<link rel="preload" as="script" href="/_next/static/chunks/b~1.js"/><script src="/_next/static/chunks/old.js" noModule=""></script>
<script>self.__next_f.push([1,"3:I[12,[\\"/_next/static/chunks/a.js\\",\\"/_next/static/chunks/c.js\\"],\\"Queue\\"]"])</script>
<link rel="stylesheet" href="/_next/static/chunks/d.css"/>`;

test("of a page's HTML each script is named once, also those of its first render, and none for old browsers", () => {
  expect(scriptsNamed(PAGE)).toEqual([
    "/_next/static/chunks/a.js",
    "/_next/static/chunks/b~1.js",
    "/_next/static/chunks/c.js",
  ]);
});

test("a script weighs what it is compressed, and the heaviest stands first", async () => {
  const noise = Array.from({ length: 4000 }, (_, n) => ((n * 7919) % 9973).toString(36)).join("");
  const scripts = await weigh(PAGE, async (path) =>
    path.endsWith("c.js") ? noise : "x".repeat(9000),
  );
  expect(scripts[0]?.path).toBe("/_next/static/chunks/c.js");
  expect(scripts[1]!.bytes).toBeLessThan(100);
  expect(
    kilobytes([
      { path: "a", bytes: 1250 },
      { path: "b", bytes: 1200 },
    ]),
  ).toBe(2.5);
});
