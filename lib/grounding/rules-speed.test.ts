import { expect, test } from "vitest";
import { alert, failedLogon, fixture, flow, logon, shell, word } from "./rules-fixtures.ts";
import { writeRulesSummary } from "./rules-summary.ts";

/** Processor time, so that other work on the machine does not count. */
function milliseconds(events: number): number {
  const cycle = [
    failedLogon("02:00:00"),
    logon("02:01:00"),
    word,
    shell,
    flow("02:02:00", 10),
    alert("02:03:00"),
  ];
  const given = Array.from({ length: events }, (_, n) => {
    const record = cycle[n % cycle.length] ?? word;
    return {
      ...record,
      fields: { ...record.fields, "source.port": n % 50_000, user: `user${n % 997}` },
    };
  });
  const { records } = fixture(given);
  const before = process.cpuUsage();
  writeRulesSummary(records, { sources: [], capped: false });
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}

test("10,000 records in little processor time, and growth that stays linear", () => {
  milliseconds(2000);
  const small = Math.min(milliseconds(5000), milliseconds(5000));
  const large = milliseconds(40_000);
  expect(Math.min(milliseconds(10_000), milliseconds(10_000))).toBeLessThan(600);
  expect(large / small).toBeLessThan(24);
}, 60_000);
