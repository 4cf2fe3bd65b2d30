import fc from "fast-check";
import { expect, test } from "vitest";
import { EXPORT_FORMATS, exportFileName, exportUnit } from "./export.ts";
import { bytesWords, progressPercent, scopeWords, verifyCommand } from "./export-words.ts";

test("each scope is named, and what others wrote is apart from our words", () => {
  const words = (scope: Parameters<typeof scopeWords>[0], person: string | null = null) =>
    Object.values(scopeWords(scope, person));
  expect(words({ kind: "log" })).toEqual(["The whole trail", null]);
  expect(words({ kind: "incident", number: 12 })).toEqual(["Incident", "INC-000012"]);
  expect(words({ kind: "period", from: 5, to: 1200 })).toEqual(["Entries 5 to 1,200", null]);
  expect(words({ kind: "person" }, "Lea")).toEqual(["By", "Lea"]);
  expect(words({ kind: "model", model: "m-1" })).toEqual(["Model", "m-1"]);
  expect(words({ kind: "prompt", prompt: "summary/3" })).toEqual(["Prompt", "summary/3"]);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1.0 kB"],
  [1_449_000, "1.4 MB"],
  [250_000_000, "250 MB"],
  [8 * 2 ** 30, "8.6 GB"],
  [5e15, "5000000 GB"],
])("%d bytes are %s", (bytes, words) => expect(bytesWords(bytes)).toBe(words));

test("progress is between nothing and not quite whole, and grows with what is done", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (done, more, total) => {
      const [before, after] = [done, done + more].map((n) => progressPercent(n, total)!);
      expect(before).toBeGreaterThanOrEqual(0);
      expect(after).toBeLessThanOrEqual(99);
      expect(after).toBeGreaterThanOrEqual(before!);
    }),
  );
  expect(progressPercent(3, null)).toBeNull();
});

test("a file is named by its format, what is in it and its export, and a shell takes its name as it is", () => {
  const id = "0199c0de-0000-7000-8000-0123456789ab";
  const names = EXPORT_FORMATS.map((format) => exportFileName(format, "INC-000012", id));
  expect(names).toEqual([
    "bundle-INC-000012-456789ab.tar.gz",
    "trail-INC-000012-456789ab.jsonl",
    "trail-INC-000012-456789ab.csv",
    "incidents-INC-000012-456789ab.ocsf.jsonl",
  ]);
  expect(names.every((name) => /^[\w.-]+$/.test(name))).toBe(true);
  const folder = "bundle-INC-000012-456789ab";
  expect(verifyCommand(names[0]!)).toBe(
    `tar -xzf ${folder}.tar.gz && sh ${folder}/verify.sh ${folder}`,
  );
});

test("what is counted is named in the number there is", () => {
  expect(exportUnit("csv", 1)).toBe("entry");
  expect(exportUnit("bundle", 2)).toBe("entries");
  expect(exportUnit("ocsf", 1)).toBe("incident");
  expect(exportUnit("ocsf", 0)).toBe("incidents");
});
