import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sampleDataDirectory } from "#lib/env.ts";
import { readAttack } from "./read-attack.ts";
import { attackNotice, revokedFile, techniqueFile } from "./write-attack.ts";

// each test starts the command, which takes a second on a busy machine
vi.setConfig({ testTimeout: 60_000 });

const RELEASE = resolve(sampleDataDirectory() ?? "../shared/data", "attack-enterprise.json");
const TECHNIQUES = "lib/grounding/attack-techniques.ts";
const REVOKED = "lib/connectors/sources/attack-revoked.ts";

describe.skipIf(!existsSync(RELEASE))(`the release in ${RELEASE}`, () => {
  test("gives the committed tables, byte for byte", () => {
    const source = readAttack(readFileSync(RELEASE, "utf8"));
    expect(techniqueFile(source)).toBe(readFileSync(TECHNIQUES, "utf8"));
    expect(revokedFile(source)).toBe(readFileSync(REVOKED, "utf8"));
  });
});

/** The same three techniques, made up, in both shapes. */
const FLAT = {
  _source: { version: "99.1", notice: "© 2031 The MITRE Corporation." },
  tactics: [
    { id: "TA0002", shortname: "execution", name: "Execution" },
    { id: "TA0005", shortname: "defense-evasion", name: "Defense Evasion" },
  ],
  techniques: [
    { id: "T9001", name: "Weaving", tactics: ["defense-evasion", "execution"] },
    { id: "T9001.001", name: "Loom", tactics: ["execution"], parent: "T9001" },
    { id: "T9002", name: "Knots", tactics: ["execution"], revoked: true, revoked_by: "T9003" },
    { id: "T9003", name: "Bows", tactics: ["execution"], revoked: true, revoked_by: "T9001.001" },
    { id: "T9004", name: "Felting", tactics: [], deprecated: true },
  ],
};

const named = (id: string) => [{ source_name: "mitre-attack", external_id: id }];
const phases = (...names: string[]) =>
  names.map((phase_name) => ({ kill_chain_name: "mitre-attack", phase_name }));
const pattern = (id: string, name: string, tactics: string[], more: object = {}) => ({
  type: "attack-pattern",
  id: `attack-pattern--${id}`,
  name,
  external_references: [{ source_name: "capec", external_id: "CAPEC-1" }, ...named(id)],
  kill_chain_phases: phases(...tactics),
  ...more,
});
const link = (type: string, from: string, to: string) => ({
  type: "relationship",
  id: `relationship--${type}${from}`,
  relationship_type: type,
  source_ref: `attack-pattern--${from}`,
  target_ref: `attack-pattern--${to}`,
});
const tactic = (id: string, shortName: string, name: string) => ({
  type: "x-mitre-tactic",
  id: `x-mitre-tactic--${id}`,
  name,
  x_mitre_shortname: shortName,
  external_references: named(id),
});
const BUNDLE = [
  { type: "x-mitre-collection", id: "x-mitre-collection--1", x_mitre_version: "99.1" },
  {
    type: "marking-definition",
    id: "marking-definition--1",
    definition: { statement: "Copyright 2015-2031, The MITRE Corporation." },
  },
  {
    type: "x-mitre-matrix",
    id: "x-mitre-matrix--1",
    tactic_refs: ["x-mitre-tactic--TA0002", "x-mitre-tactic--TA0005"],
  },
  tactic("TA0005", "defense-evasion", "Defense Evasion"),
  tactic("TA0002", "execution", "Execution"),
  pattern("T9004", "Felting", [], { x_mitre_deprecated: true }),
  pattern("T9003", "Bows", ["execution"], { revoked: true }),
  pattern("T9002", "Knots", ["execution"], { revoked: true }),
  pattern("T9001.001", "Loom", ["execution"]),
  pattern("T9001", "Weaving", ["execution", "defense-evasion"]),
  link("revoked-by", "T9002", "T9003"),
  link("revoked-by", "T9003", "T9001.001"),
  link("subtechnique-of", "T9001.001", "T9001"),
];
const bundle = (objects: object[]) => JSON.stringify({ type: "bundle", id: "bundle--1", objects });

describe("a release", () => {
  test("reads the same as a flat list and as MITRE's STIX bundle", () => {
    const source = readAttack(JSON.stringify(FLAT));
    expect(readAttack(bundle(BUNDLE))).toEqual(source);
    expect(source.techniques.find(({ id }) => id === "T9001")?.tactics).toEqual([
      "execution",
      "defense-evasion",
    ]);
  });

  test("becomes rows of facts under MITRE's notice", () => {
    const text = techniqueFile(readAttack(JSON.stringify(FLAT)));
    expect(text).toContain(
      "T9001|Weaving|01;T9001.001|Loom|0;T9002|Knots|0|T9003;T9003|Bows|0|T9001.001;T9004|Felting|||x;",
    );
    const words = text.replaceAll(/\s+\*?\s*/g, " ");
    for (const line of attackNotice("2031")) expect(words).toContain(line);
  });

  test("leads a revoked id to the end of its chain", () => {
    const text = revokedFile(readAttack(JSON.stringify(FLAT)));
    expect(text).toContain("T9002>T9001.001 T9003>T9001.001");
  });

  const broken: [string, string, RegExp][] = [
    ["is something else", "[1, 2]", /neither a STIX bundle/],
    ["has no version", bundle(BUNDLE.slice(1)), /which version/],
    ["has no notice", bundle(BUNDLE.toSpliced(1, 1)), /copyright notice/],
    [
      "lacks a successor",
      JSON.stringify({ ...FLAT, techniques: FLAT.techniques.slice(0, 3) }),
      /T9003, which is not there/,
    ],
    [
      "has a child of another parent",
      bundle([...BUNDLE.slice(0, -1), link("subtechnique-of", "T9001.001", "T9004")]),
      /parent of T9001.001/,
    ],
    [
      "has a name that breaks the table",
      bundle([...BUNDLE, pattern("T9005", "a|b", [])]),
      /name of T9005/,
    ],
    ["has an id twice", bundle([...BUNDLE, pattern("T9001", "Weaving", [])]), /twice/],
    ["names an unknown tactic", bundle([...BUNDLE, pattern("T9005", "x", ["tea"])]), /tactic tea/],
  ];
  test.each(broken)("that %s is refused", (_name, json, reason) => {
    expect(() => readAttack(json)).toThrow(reason);
  });
});

describe("npm run attack-table", () => {
  let folder = "";
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [resolve("lib/cli/attack-table.ts"), ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "attack-table-"));
    mkdirSync(join(folder, "lib/grounding"), { recursive: true });
    mkdirSync(join(folder, "lib/connectors/sources"), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("writes both tables from the file it is given", () => {
    writeFileSync(join(folder, "release.json"), bundle(BUNDLE));
    const { status, stdout } = run("release.json");
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: "ATT&CK 99.1: 5 techniques, 2 tactics.\n",
    });
    expect(readFileSync(join(folder, TECHNIQUES), "utf8")).toContain('ATTACK_VERSION = "99.1"');
    expect(readFileSync(join(folder, REVOKED), "utf8")).toContain("T9002>T9001.001");
  });

  test("says what is wrong in one line, and writes nothing", () => {
    writeFileSync(join(folder, "wrong.json"), "{}");
    const before = readFileSync(join(folder, TECHNIQUES), "utf8");
    expect(run("wrong.json")).toMatchObject({ status: 1, stderr: /^wrong.json: neither.*\n$/ });
    expect(run("missing.json").stderr).toMatch(/^No file missing.json/);
    expect(readFileSync(join(folder, TECHNIQUES), "utf8")).toBe(before);
  });
});
