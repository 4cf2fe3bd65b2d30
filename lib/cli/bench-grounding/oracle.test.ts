import { describe, expect, test } from "vitest";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import { isAmbiguous, isTrue, sameTime, termsOf } from "./oracle.ts";
import { field, HOME, incidentOf, says } from "./testing-incident.ts";

const TRUE: Predicate[] = [
  field("E2", "process.name", "POWERSHELL.EXE"),
  field("E2", "host", "WS-014"),
  field("E2", "user", "jdoe"),
  field("E2", "time", "2026-03-01T02:14Z"),
  field("E2", "process.command_line", "Get-Process of"),
  says("count", { where: "event.code=4625 & outcome=failure", n: 2, cmp: "eq" }),
  says("count", { where: "host=dc01", n: 2, cmp: "gte" }),
  says("distinct", { field: "host", n: 3, cmp: "eq" }),
  says("sum", {
    where: "source.ip=10.0.3.14",
    field: "network.bytes_out",
    n: 5_000_000,
    cmp: "eq",
  }),
  says("absent", { where: "kind=alert & host=dc01" }),
  says("exists", { where: "user!=* & host=dc01" }),
  says("order", { evidence: ["E1", "E2"], within_s: 120 }),
  says("chain", { evidence: ["E1", "E2"] }),
  says("first_seen", { where: "host=dc01", value: "2026-03-01T02:20:00Z" }),
  says("last_seen", { where: "host=dc01", value: "2026-03-01T02:25Z" }),
  says("duration", { where: "host=dc01", n: 300, cmp: "eq" }),
  says("all", { where: "host=dc01", field: "target.user", value: "asmith" }),
  says("only", { where: "event.code=4625", field: "outcome", value: "failure" }),
];
const FALSE: Predicate[] = [
  field("E2", "process.name", "winword.exe"),
  field("E2", "time", "2026-03-01T02:15Z"),
  says("count", { where: "event.code=4625", n: 3, cmp: "eq" }),
  says("absent", { where: "host=dc01 & outcome=success" }),
  says("order", { evidence: ["E2", "E1"] }),
  says("order", { evidence: ["E1", "E2"], within_s: 60 }),
  says("chain", { evidence: ["E2", "E1"] }),
  says("first_seen", { where: "host=dc01", value: "2026-03-01T02:21:00Z" }),
  says("duration", { where: "host=dc01", n: 3000, cmp: "eq" }),
  says("all", { where: "host=dc01", field: "outcome", value: "failure" }),
  says("only", { where: "host=ws-014", field: "process.name", value: "winword.exe" }),
];
const UNKNOWN: Predicate[] = [
  field("E3", "user", "jdoe"),
  field("E99", "host", "ws-014"),
  says("absent", { where: "user=nobody" }),
  says("all", { where: "user=nobody", field: "host", value: "dc01" }),
];

describe("the oracle", () => {
  test.each(TRUE)("finds true: $op $where $field $value $n", (p) => {
    expect(isTrue(p, HOME.records)).toBe(true);
  });
  test.each(FALSE)("finds false: $op $where $field $value $n", (p) => {
    expect(isTrue(p, HOME.records)).toBe(false);
  });
  test.each(UNKNOWN)("does not know: $op $where $field $value", (p) => {
    expect(isTrue(p, HOME.records)).toBe(null);
  });

  test("reads a value that holds the joint of two terms", () => {
    expect(termsOf('process.command_line="a & host=b" & host=c d')).toEqual([
      { field: "process.command_line", sign: "=", value: "a & host=b" },
      { field: "host", sign: "=", value: "c d" },
    ]);
  });

  test("tells a time by its stated precision and zone", () => {
    const ms = Date.parse("2026-03-01T02:14:07.120Z");
    expect(sameTime(ms, "2026-03-01")).toBe(true);
    expect(sameTime(ms, "2026-03-01 02:14:07 UTC")).toBe(true);
    expect(sameTime(ms, "2026-03-01T04:14+02:00")).toBe(true);
    expect(sameTime(ms, "2026-03-01T02:14+02:00")).toBe(false);
  });

  test("finds two accounts of one name ambiguous, two names not", () => {
    const two = (a: string, b: string) =>
      incidentOf("x", [
        { fields: { user: "root", "user.domain": a } },
        { fields: { user: "root", "user.domain": b } },
      ]).records;
    expect(isAmbiguous(two("A", "B"), "user")).toBe(true);
    expect(isAmbiguous(two("A", "a"), "user")).toBe(false);
  });
});
