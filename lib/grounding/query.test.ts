import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Fields } from "#lib/domain/evidence/fields.ts";
import {
  distinctValues,
  fieldHas,
  matches3,
  parseWhere,
  whereAll,
  whereKnown,
  whereTerm,
} from "./query.ts";
import { indexEvidence, possibleMatches, selectWhere } from "./evidence-index.ts";

function record(position: number, fields: Fields, more: Partial<EvidenceRecord> = {}) {
  const base: EvidenceRecord = {
    id: `r-${position}`,
    position,
    kind: "event",
    format: "windows-event",
    sourceId: "s",
    sourceName: "Sysmon",
    time: `2026-03-01T02:14:0${position % 10}.000Z`,
    timeQuality: "exact",
    receivedAt: "2026-03-01T03:00:00.000Z",
    severity: null,
    title: "event",
    fields,
  };
  return { ...base, ...more };
}

describe("the where language", () => {
  test("any values round-trip through the builders", () => {
    const field = fc.constantFrom("user", "process.command_line", "alert.title", "source", "host");
    const op = fc.constantFrom("eq" as const, "ne" as const);
    const value = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom("a & user=b", '"', "*", " ", "x &", "& host=y", '"a" & host="b"', "\\", "\n"),
    );
    fc.assert(
      fc.property(fc.array(fc.record({ field, op, value }), { maxLength: 5 }), (terms) => {
        const text = whereAll(...terms.map((t) => whereTerm(t.field, t.value, t.op)));
        expect(parseWhere(text)).toEqual({ ok: true, terms });
      }),
    );
  }, 60_000);

  test("never throws, and refuses with a reason", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseWhere(text)));
    expect(parseWhere("nothing=1")).toEqual({ ok: false, reason: "no such field: nothing" });
    expect(parseWhere("user")).toMatchObject({ ok: false });
    expect(parseWhere("host>=a")).toMatchObject({ ok: false });
  });

  test("bare values as a model writes them", () => {
    expect(parseWhere('user="jdoe" & process.path="C:\\Windows\\x.exe"')).toEqual({
      ok: true,
      terms: [
        { field: "user", op: "eq", value: "jdoe" },
        { field: "process.path", op: "eq", value: "C:\\Windows\\x.exe" },
      ],
    });
    expect(parseWhere("process.command_line=cmd /c a & b=c & outcome=*")).toEqual({
      ok: true,
      terms: [
        { field: "process.command_line", op: "eq", value: "cmd /c a & b=c" },
        { field: "outcome", op: "known", value: "" },
      ],
    });
  });
});

describe("typed comparison", () => {
  const logon = record(1, {
    host: "WS-014.contoso.com",
    user: "JDoe",
    "user.domain": "CONTOSO",
    "source.ip": "::ffff:10.0.3.71",
    "process.path": "C:\\Windows\\System32\\cmd.exe",
    "process.pid": 444,
    "hash.sha256": "AB".repeat(32),
    technique: ["T1059.001"],
    "registry.key": "HKEY_LOCAL_MACHINE\\Software\\Run",
  });
  test.each([
    ["host", "ws-014", true],
    ["host", "WS-014$", true],
    ["host", "ws-014.fabrikam.com", false],
    ["host", "ws-01", false],
    ["user", "contoso\\jdoe", true],
    ["user", "jdoe@contoso.com", true],
    ["user", "fabrikam\\jdoe", false],
    ["user", "jdo", false],
    ["source.ip", "10.0.3.71", true],
    ["source.ip", "10.0.3.7", false],
    ["process.path", "c:\\\\windows\\\\system32\\\\CMD.EXE", true],
    ["process.pid", "0x1bc", true],
    ["hash.sha256", "ab".repeat(32), true],
    ["technique", "t1059", true],
    ["technique", "T1059.003", false],
    ["registry.key", "HKLM\\software\\run", true],
    ["time", "2026-03-01T02:14Z", true],
    ["time", "2026-03-01T02:14:02Z", false],
    ["outcome", "success", "unknown"],
  ] as const)("%s = %s is %s", (field, value, expected) => {
    expect(fieldHas(logon, field, value)).toBe(expected);
  });

  test("spellings of one host count once, two domains twice", () => {
    const hosts = ["WS-1", "ws-1.contoso.com", "ws-1$", "ws-2.contoso.com", "ws-2.fabrikam.com"];
    const records = hosts.map((host, i) => record(i + 1, { host }));
    expect(distinctValues(records, "host")).toEqual([
      "WS-1",
      "ws-2.contoso.com",
      "ws-2.fabrikam.com",
    ]);
  });
});

describe("the index", () => {
  const records = [
    record(1, { "event.code": "4625", user: "a", "source.ip": "10.0.0.1", outcome: "failure" }),
    record(2, { "event.code": "4625", user: "b", outcome: "failure" }),
    record(3, { "event.code": "1", user: "a", "process.name": "cmd.exe" }),
  ];
  const index = indexEvidence(records);
  test("selects what a plain scan selects", () => {
    for (const where of ["", "user=a", "user!=a", "source.ip=*", "user=A & outcome=failure"]) {
      const selection = selectWhere(index, where);
      const parsed = parseWhere(where);
      if (!selection.ok || !parsed.ok) throw new Error("refused");
      expect(selection.records).toEqual(records.filter((r) => matches3(r, parsed.terms) === true));
      expect(selectWhere(index, where)).toBe(selection);
    }
  });
  test("a missing field is unknown only where records of that shape have it", () => {
    const terms = [{ field: "source.ip", op: "eq" as const, value: "10.9.9.9" }];
    expect(possibleMatches(index, terms).map((r) => r.position)).toEqual([2]);
    expect(whereKnown("user")).toBe("user=*");
  });
});
