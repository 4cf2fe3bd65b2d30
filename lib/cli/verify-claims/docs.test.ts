/** docs/grounding.md holds what it says: its example runs, its tables are complete, its limits are the code's. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { CLAIM_KINDS, PREDICATE_OPS, STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import { FORMATS } from "#lib/domain/evidence/record.ts";
import { ATTACK_NOTICE, ATTACK_VERSION } from "#lib/grounding/attack-techniques.ts";
import { PSEUDO_FIELDS } from "#lib/grounding/query.ts";
import { USAGE } from "./read-args.ts";
import { failedLogons, LOGONS } from "./testing.ts";
import { numberEvents, verifyClaimsAgainst } from "./verify-claims-against.ts";

// the example starts npm, which takes seconds on a busy machine
vi.setConfig({ testTimeout: 60_000 });

const guide = readFileSync("docs/grounding.md", "utf8");
const EXAMPLE_FOLDER = "/tmp/fool";

describe('the example under "Try to fool it"', () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "fool-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("prints what the page says it prints", () => {
    const [, script = ""] = /```sh\n(.*?)```/s.exec(guide) ?? [];
    const [, output = ""] = /```text\n(.*?)```/s.exec(guide) ?? [];
    const here = script.replaceAll(EXAMPLE_FOLDER, folder);
    const { stdout, status } = spawnSync("sh", ["-c", here], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout.replaceAll(folder, EXAMPLE_FOLDER)).toBe(output);
    const written = readFileSync(join(folder, "verdict.json"), "utf8");
    expect(JSON.parse(written)).toMatchObject({ totals: { claims: 4, supported: 1 } });
  });
});

describe("the page names", () => {
  const rows = guide.split("\n").filter((line) => line.startsWith("| "));
  const firstCells = rows.map((row) => row.split("|")[1] ?? "").join(" ");

  test.each(PREDICATE_OPS)("the operation %s in a row of its own table", (op) => {
    expect(firstCells).toContain(`\`${op}\``);
  });

  test("every kind, standing, pseudo field, format and flag", () => {
    for (const word of [...CLAIM_KINDS, ...PSEUDO_FIELDS, ...Object.keys(STANDING_WORDS)])
      expect(guide).toContain(`\`${word}\``);
    for (const word of Object.values(STANDING_WORDS)) expect(rows.join()).toContain(word);
    for (const [flag] of USAGE.matchAll(/--[a-z][a-z-]+/g)) expect(guide).toContain(flag);
    expect(USAGE).toContain(FORMATS.join(", "));
  });

  test("MITRE's notice, as NOTICE.md does", () => {
    for (const page of [guide, readFileSync("NOTICE.md", "utf8")]) {
      expect(page).toContain(ATTACK_NOTICE);
      expect(page).toContain(`ATT&CK Enterprise ${ATTACK_VERSION}`);
    }
  });
});

describe("the limits it gives are the verifier's", () => {
  const [claim] = [failedLogons()];
  const [predicate] = claim.predicates;
  const [citation] = claim.citations;
  const judged = (more: object) => {
    const verdict = verifyClaimsAgainst(numberEvents(LOGONS), [{ ...claim, ...more }]).claims[0];
    if (!verdict || verdict.standing === null) throw new Error("refused");
    return verdict.checks.filter((c) => c.effect === "unsupported").map((c) => c.found);
  };
  const limits: [string, number, (n: number) => object, RegExp][] = [
    ["characters of a text", 4000, (n) => ({ text: "a".repeat(n) }), /at most 4000 characters/],
    [
      "characters of a quote",
      2000,
      (n) => ({ citations: [{ id: "E1", quote: "q".repeat(n) }] }),
      /at most 2000 characters/,
    ],
    ["citations", 100, (n) => ({ citations: Array(n).fill(citation) }), /only 100 are read/],
    ["named things", 150, (n) => ({ text: "10.0.3.71 ".repeat(n) }), /at most 150 things/],
    ["predicates", 60, (n) => ({ predicates: Array(n).fill(predicate) }), /at most 60/],
  ];
  test.each(limits)("%s: %i", (_name, limit, make, message) => {
    expect(guide).toMatch(new RegExp(limit.toLocaleString("en")));
    expect(judged(make(limit))).not.toContainEqual(expect.stringMatching(message));
    expect(judged(make(limit + 1))).toContainEqual(expect.stringMatching(message));
  });
});
