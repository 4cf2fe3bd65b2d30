/**
 * Every regular expression of the grounding engine and of redaction reads text that an attacker wrote, so each must
 * be linear. Literals are taken from the syntax trees, the others as the modules make them.
 */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseSync } from "@swc/core";
import { checkSync } from "recheck";
import { beforeAll, describe, expect, test } from "vitest";

type Found = { file: string; source: string; flags: string };

const LIB = resolve(import.meta.dirname, "..");
const FILES = globSync("{grounding,copilot/redaction}/**/*.ts", { cwd: LIB })
  .filter((f) => !/\.test\.ts$|fixtures|testing|arbitrary/.test(f))
  .toSorted();
/** The checker cannot decide large counts in time; what they cost is measured further down. */
const MOST = 4;
const PARAMS = {
  timeout: 60_000,
  maxIteration: 3,
  attackLimit: 3_000_000,
  recallLimit: 3_000_000,
  incubationLimit: 10_000,
  maxInitialGenerationSize: 100,
  maxGenerationSize: 30,
  mutationSize: 15,
  crossoverSize: 8,
};

const built: Found[] = [];
let literals: Found[] = [];
/** By file: in how many places it builds one. */
let places = new Map<string, number>();

beforeAll(async () => {
  const trees = FILES.map((file) => ({ file, ...readRegexes(file) }));
  literals = trees.flatMap((t) => t.literals);
  places = new Map(trees.map((t) => [t.file, t.news]));
  const original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(original, {
    construct(target, [source, flags]: [string | RegExp, string?]) {
      const made = new target(source, flags);
      const file = callerOf(new Error("here").stack ?? "");
      if (file) built.push({ file, source: made.source, flags: made.flags });
      return made;
    },
  });
  try {
    for (const file of FILES) await import(pathToFileURL(resolve(LIB, file)).href);
  } finally {
    globalThis.RegExp = original;
  }
}, 60_000);

describe("regular expressions", () => {
  test("are all seen: each literal, and each place that builds one when it is loaded", () => {
    const inSource = FILES.map((f) => countLiterals(readFileSync(resolve(LIB, f), "utf8")));
    expect(literals.length).toBeGreaterThanOrEqual(inSource.reduce((a, b) => a + b, 0));
    expect(literals.length).toBeGreaterThan(300);
    for (const file of FILES) {
      const made = built.filter((b) => b.file === file).length;
      const expected = places.get(file) ?? 0;
      expect(made, `${file} builds one when it is called`).toBeGreaterThanOrEqual(expected);
    }
  });

  test("are linear by recheck", { timeout: 600_000 }, () => {
    const bad: string[] = [];
    for (const { file, source, flags } of distinct([...literals, ...built])) {
      const { status } = checkSync(lowerCounts(source), flags, PARAMS);
      if (status !== "safe") bad.push(`${status}: ${file}: /${source}/${flags}`);
    }
    expect(bad).toEqual([]);
  });
});

function readRegexes(file: string): { literals: Found[]; news: number } {
  const text = readFileSync(resolve(LIB, file), "utf8");
  const tree = parseSync(text, { syntax: "typescript" });
  const found: Found[] = [];
  let news = 0;
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if ("type" in node && node.type === "RegExpLiteral" && "pattern" in node && "flags" in node) {
      found.push({ file, source: String(node.pattern), flags: String(node.flags) });
    }
    const callee = "callee" in node ? (node.callee as { value?: unknown }) : {};
    if (callee.value === "RegExp") news += 1;
    for (const inner of Object.values(node)) walk(inner);
  };
  walk(tree);
  return { literals: found, news };
}

/** A second way of counting, by the calls that only a regular expression literal can have. */
function countLiterals(text: string): number {
  const code = text.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  return [
    ...code.matchAll(/\/[dgimsuvy]{0,5}\.(?:test|exec)\(|(?:replace|replaceAll|split)\(\/(?!\/)/g),
  ].length;
}

/** The module of ours that called, two frames up from here. */
function callerOf(stack: string): string | null {
  const line = stack.split("\n")[2] ?? "";
  return FILES.find((f) => line.includes(`/lib/${f}:`)) ?? null;
}

function distinct(all: Found[]): Found[] {
  return [...new Map(all.map((r) => [`${r.source}/${r.flags}`, r])).values()];
}

/** `x{1,512}` becomes `x{1,4}`: as ambiguous as before, but small enough to be decided. */
function lowerCounts(source: string): string {
  return source.replace(
    /(\\.|\[(?:\\.|[^\]\\])*\])|\{(\d+)(,?)(\d*)\}/g,
    (whole: string, skipped: string | undefined, from: string, comma: string, to: string) => {
      if (skipped !== undefined) return whole;
      const least = Math.min(Number(from), comma ? MOST - 1 : MOST);
      return `{${least}${comma}${to === "" ? "" : Math.min(Number(to), MOST)}}`;
    },
  );
}
