/** Tests of the code itself: what a reviewer would otherwise have to remember. */
import { existsSync } from "node:fs";
import { glob, readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { PERMISSIONS, permissionSentence } from "#lib/domain/people/permissions.ts";
import { TRAIL_KINDS } from "#lib/trail/kinds.ts";
import { trailSentence } from "#lib/trail/sentences.ts";

const LINES_MAX = 350;
const FUNCTION_LINES_MAX = 70;

type Source = { path: string; text: string; lines: string[] };

const sources = await readSources();

async function readSources(): Promise<Source[]> {
  const found: Source[] = [];
  for await (const path of glob("{app,components,lib,prisma,e2e}/**/*.{ts,tsx}", {
    exclude: (name) => name === "generated" || name === "node_modules",
  })) {
    const text = await readFile(path, "utf8");
    found.push({ path, text, lines: text.split("\n") });
  }
  return found;
}

const isTest = (path: string) => /\.(test|spec)\.tsx?$|\/testing-/.test(path);
const offenders = (breaks: (source: Source) => boolean) =>
  sources.filter(breaks).map((source) => source.path);

describe("the code", () => {
  test("is seen by this test", () => {
    expect(sources.length).toBeGreaterThan(150);
  });

  test("is in files one can read in one sitting", () => {
    expect(offenders(({ lines }) => lines.length > LINES_MAX)).toEqual([]);
  });

  test("is in functions one can see whole", () => {
    const long = sources.flatMap((source) =>
      longFunctions(source).map((where) => `${source.path}:${where}`),
    );
    expect(long).toEqual([]);
  });

  test("reads the environment in one file", () => {
    const allowed = ["lib/env.ts", "proxy.ts"];
    expect(
      offenders(
        ({ path, text }) =>
          text.includes("process.env") && !allowed.includes(path) && !isTest(path),
      ),
    ).toEqual([]);
  });

  test("asks no box what others put inside it, which costs a page's whole style for each element added", async () => {
    expect(
      offenders(({ path, text }) => /\b(group|peer)-has-/.test(text) && !isTest(path)),
    ).toEqual([]);
    const css = await readFile("app/globals.css", "utf8");
    expect(css).toContain("light-dark(");
    expect(css).not.toContain(":has(");
  });

  test("has no left-over words, focused tests or sleeps in tests", () => {
    const words = /\b(T[O]DO|FIX[M]E|X{3}|HAC[K])\b/;
    const asleep = /\.(only|skip|fixme)\(|waitForTimeout\(/;
    const others = offenders(({ path, text }) => words.test(text) && path !== "lib/tidy.test.ts");
    expect(others).toEqual([]);
    expect(
      offenders(
        ({ path, text }) => isTest(path) && path !== "lib/tidy.test.ts" && asleep.test(text),
      ),
    ).toEqual([]);
  });

  test("never builds SQL from strings or renders markup from strings", () => {
    const unsafe = new RegExp(["queryRaw", "executeRaw"].map((w) => `\\$${w}Unsafe`).join("|"));
    expect(
      offenders(
        ({ path, text }) =>
          unsafe.test(text) && !isTest(path) && !/\/testing|^lib\/cli\//.test(path),
      ),
    ).toEqual([]);
    expect(offenders(({ text }) => /dangerously[S]etInnerHTML/.test(text))).toEqual([]);
  });

  test("exports by name, except where Next asks for a default", () => {
    const next =
      /^app\/.*(page|layout|loading|error|not-found|global-error|forbidden|template)\.tsx$|(config|setup)\.ts$/;
    expect(
      offenders(({ path, text }) => /^export default /m.test(text) && !next.test(path)),
    ).toEqual([]);
  });
});

describe("doors", () => {
  test("under app/api are all built by defineRoute", () => {
    const doors = sources.filter(({ path }) => /^app\/api\/.*route\.ts$/.test(path));
    expect(doors.length).toBeGreaterThan(10);
    const plain = doors.filter(
      ({ path, text }) => !text.includes("defineRoute(") && !path.includes("[...nextauth]"),
    );
    expect(plain.map(({ path }) => path)).toEqual([]);
  });

  test("in lib/actions are all built by defineAction", () => {
    const files = sources.filter(
      ({ path, text }) => path.startsWith("lib/actions/") && text.includes('"use server"'),
    );
    expect(files.length).toBeGreaterThan(5);
    const plain = files.filter(({ text }) => /^export (async )?function/m.test(text));
    expect(plain.map(({ path }) => path)).toEqual([]);
  });
});

describe("documents", () => {
  test("name only files that are there", async () => {
    const missing: string[] = [];
    for await (const path of glob("{*.md,docs/**/*.md}")) {
      const text = await readFile(path, "utf8");
      for (const [, file] of text.matchAll(
        /`((?:app|components|docs|e2e|lib|prisma)\/[\w()[\]/.-]+\.(?:ts|tsx|md|sql|json))`/g,
      )) {
        if (!existsSync(file!)) missing.push(`${path}: ${file}`);
      }
    }
    expect(missing).toEqual([]);
  });
});

describe("words", () => {
  test("every permission says in a sentence what it allows", () => {
    for (const permission of PERMISSIONS)
      expect(permissionSentence(permission)).toMatch(/^[A-Z].*\.$/);
  });

  test("every kind of trail entry has a sentence", () => {
    for (const kind of TRAIL_KINDS) expect(trailSentence(kind, {}).length).toBeGreaterThan(5);
  });
});

/** Top-level functions that are too long, as `line name (n lines)`. */
function longFunctions({ lines }: Source): string[] {
  const long: string[] = [];
  let start = -1;
  let name = "";
  lines.forEach((line, index) => {
    const opened = /^(?:export )?(?:default )?(?:async )?function\*? ?(\w+)/.exec(line);
    if (opened) {
      start = index;
      name = opened[1]!;
    } else if (line === "}" && start >= 0) {
      const length = index - start + 1;
      if (length > FUNCTION_LINES_MAX) long.push(`${start + 1} ${name} (${length} lines)`);
      start = -1;
    }
  });
  return long;
}
