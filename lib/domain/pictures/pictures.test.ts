import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldName } from "#lib/domain/evidence/fields.ts";
import { layOutGraph } from "./graph-layout.ts";
import { mergeSpellings, spellingKey } from "./merge-spellings.ts";
import { processRows } from "./process-tree.ts";
import { ENTITY_TYPES, type EntityType } from "./relations.ts";

const node = fc.record({
  type: fc.constantFrom(...ENTITY_TYPES),
  value: fc.string({ minLength: 1, maxLength: 3 }),
});
const graph = fc
  .uniqueArray(
    node.map((one) => ({ ...one, key: `${one.type}:${one.value}` })),
    { selector: ({ key }) => key, minLength: 1, maxLength: 30 },
  )
  .chain((nodes) =>
    fc.record({
      nodes: fc.constant(nodes),
      edges: fc.array(
        fc.record({
          from: fc.constantFrom(...nodes.map(({ key }) => key)),
          to: fc.constantFrom(...nodes.map(({ key }) => key)),
          records: fc.nat(9),
        }),
        { maxLength: 40 },
      ),
    }),
  );

describe("the layout of a graph", () => {
  test("gives each shown node a place of its own, whatever the order it came in", () => {
    fc.assert(
      fc.property(graph, fc.integer({ min: 1, max: 30 }), ({ nodes, edges }, most) => {
        const laid = layOutGraph({ nodes, edges }, { most });
        const places = laid.nodes.map(({ column, row }) => `${column}/${row}`);
        expect(new Set(places).size).toBe(places.length);
        expect(laid.nodes.length + laid.hidden).toBe(nodes.length);
        expect(laid.nodes.length).toBe(Math.min(most, nodes.length));
        const shown = new Set(laid.nodes.map(({ key }) => key));
        for (const { from, to } of laid.edges) expect(shown.has(from) && shown.has(to)).toBe(true);
        const again = layOutGraph({ nodes: nodes.toReversed(), edges }, { most });
        expect(again.nodes.toSorted(byKey)).toEqual(laid.nodes.toSorted(byKey));
      }),
    );
  });

  test("keeps what is to be kept before what has many links", () => {
    const nodes = ["a", "b", "c"].map((value) => ({
      key: `user:${value}`,
      type: "user" as const,
      value,
    }));
    const edges = [{ from: "user:a", to: "user:b", records: 3 }];
    const laid = layOutGraph({ nodes, edges }, { most: 1, keep: new Set(["user:c"]) });
    expect(laid.nodes.map(({ value }) => value)).toEqual(["c"]);
    expect(laid).toMatchObject({ hidden: 2, edges: [] });
  });

  test("an address that acts stands on the left, one that is only reached on the right", () => {
    const nodes = [
      { key: "ip:1", type: "ip" as const, value: "1" },
      { key: "host:h", type: "host" as const, value: "h" },
      { key: "ip:2", type: "ip" as const, value: "2" },
    ];
    const edges = [
      { from: "ip:1", to: "host:h", records: 1 },
      { from: "host:h", to: "ip:2", records: 1 },
    ];
    const { columns, nodes: laid } = layOutGraph({ nodes, edges }, { most: 9 });
    expect(columns.map(({ title }) => title)).toEqual(["From", "Hosts", "To"]);
    expect(laid.map(({ key, column }) => [key, column])).toEqual([
      ["ip:1", 0],
      ["host:h", 1],
      ["ip:2", 2],
    ]);
  });
});

function byKey(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : 1;
}

test("spellings are one entity by the verifier's rules; a name that could be two is not asked for", () => {
  const named = (type: EntityType, field: FieldName, ...values: string[]) => {
    const seen = values.map((value) => ({ type, field, value }));
    const entities = mergeSpellings(seen);
    return seen.map((one) => {
      const { name, exact } = entities.get(spellingKey(one))!;
      return exact ? name : `${name}?`;
    });
  };
  expect(named("host", "host", "WS-1", "ws-1.corp.example", "10.0.0.1")).toEqual([
    "ws-1.corp.example",
    "ws-1.corp.example",
    "10.0.0.1",
  ]);
  expect(named("host", "host", "DC", "dc.a.example", "dc.b.example")).toEqual([
    "dc?",
    "dc.a.example",
    "dc.b.example",
  ]);
  expect(named("user", "user", "J.Doe", "CORP\\j.doe")).toEqual(["j.doe", "j.doe"]);
  expect(named("user", "user", "j.doe", "A\\j.doe", "B\\j.doe")).toEqual([
    "j.doe?",
    "a\\j.doe?",
    "b\\j.doe?",
  ]);
  expect(named("file", "file.path", "C:\\Tmp\\A.exe", "c:\\tmp\\a.exe", "/Tmp/A")).toEqual([
    "c:\\tmp\\a.exe",
    "c:\\tmp\\a.exe",
    "/Tmp/A",
  ]);
});

describe("the tree of processes", () => {
  const start = (id: string, given: object) => ({
    id,
    time: null,
    host: "ws",
    name: `${id}.exe`,
    guid: null,
    pid: null,
    parentName: null,
    parentGuid: null,
    parentPid: null,
    ...given,
  });
  const drawn = (rows: ReturnType<typeof processRows>) =>
    rows.map(({ depth, name, start: told }) => `${" ".repeat(depth)}${name}${told ? "" : "?"}`);

  test("finds parents by GUID, else by id and name on the same host, else by name alone", () => {
    const rows = processRows([
      start("word", { time: "1", guid: "{w}", pid: "10", parentName: "explorer.exe" }),
      start("ps", { time: "2", guid: "{p}", parentGuid: "{w}", parentName: "word.exe" }),
      start("cmd", { time: "3", pid: "12", parentPid: "10", parentName: "WORD.EXE" }),
      start("late", { time: "4", parentPid: "10", parentName: "other.exe" }),
      start("far", { time: "5", host: "dc", parentPid: "10", parentName: "word.exe" }),
    ]);
    expect(drawn(rows)).toEqual([
      "word.exe?",
      " far.exe",
      "explorer.exe?",
      " word.exe",
      "  ps.exe",
      "  cmd.exe",
      "other.exe?",
      " late.exe",
    ]);
  });

  test("what is told twice is one process, and what is closed hides what it started", () => {
    const told = [
      start("a", { time: "1", guid: "{a}" }),
      start("again", { time: "1", guid: "{a}" }),
      start("b", { time: "2", guid: "{b}", parentGuid: "{a}" }),
    ];
    expect(drawn(processRows(told))).toEqual(["a.exe", " b.exe"]);
    expect(processRows(told, new Set(["a"]))).toMatchObject([{ name: "a.exe", children: 1 }]);
  });

  test("every start stands in the tree once, whatever it says of its parent", () => {
    const some = fc.record({
      time: fc.option(fc.constantFrom("1", "2", "3")),
      host: fc.constantFrom("x", "y"),
      guid: fc.option(fc.constantFrom("a", "b", "c")),
      pid: fc.option(fc.constantFrom("1", "2")),
      parentGuid: fc.option(fc.constantFrom("a", "b", "c")),
      parentPid: fc.option(fc.constantFrom("1", "2")),
      parentName: fc.option(fc.constantFrom("n", "m")),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 20 }), (given) => {
        const starts = given.map((one, index) => ({
          ...one,
          id: String(index),
          name: `n${index}`,
        }));
        const shown = processRows(starts).flatMap(({ start: told }) => (told ? [told.id] : []));
        expect(new Set(shown).size).toBe(shown.length);
        const guids = new Set(given.map(({ guid }) => guid).filter(Boolean)).size;
        const without = given.filter(({ guid }) => guid === null).length;
        expect(shown.length).toBe(guids + without);
      }),
    );
  });
});
