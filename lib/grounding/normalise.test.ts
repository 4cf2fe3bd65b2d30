import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparable, normalise, toRaw } from "./normalise.ts";

describe("each step", () => {
  test.each<[string, string, string]>([
    ["NFKC: full-width letters", "ｐｏｗｅｒｓｈｅｌｌ．ｅｘｅ", "powershell.exe"],
    ["NFKC: a ligature", "\ufb01le.txt", "file.txt"],
    ["NFKC: a letter and its accent", "cafe\u0301", "caf\u00e9"],
    ["NFKC: across a zero-width space", "e\u200b\u0301", "\u00e9"],
    ["NFKC: Hangul by its parts", "\u1112\u1161\u11ab", "\ud55c"],
    ["zero-width space, joiner, BOM", "10\u200b.0.\u200d0\ufeff.5", "10.0.0.5"],
    ["bidi override", "invoice\u202egpj.exe", "invoicegpj.exe"],
    ["soft hyphen", "power\u00adshell", "powershell"],
    ["tag characters", "ok\u{e0069}\u{e0067}", "ok"],
    ["variation selectors", "E\ufe0f12\u{e0100}", "E12"],
    ["dashes", "a\u2010b\u2011c\u2012d\u2013e\u2014f\u2015g\u2212h", "a-b-c-d-e-f-g-h"],
    ["quotation marks", "\u201cx\u201d \u2018y\u2019 \u00abz\u00bb", '"x" \'y\' "z"'],
    ["blanks", "a\u00a0b\u2003c\u202fd\u3000e\u2800f", "a b c d e f"],
    ["the full stop of CJK in a domain", "evil\u3002example", "evil.example"],
    [
      "hxxp",
      "hxxps://a.example hXXp://b.example h**p://c",
      "https://a.example http://b.example http://c",
    ],
    ["[.] (.) {.}", "a[.]b(.)c{.}d", "a.b.c.d"],
    ["brackets in brackets", "1.1.1[[.]]1", "1.1.1.1"],
    ["[dot] and [at]", "bob[at]corp[dot]example", "bob@corp.example"],
    ["worded, between blanks", "bob (at) corp [dot] example", "bob@corp.example"],
    ["[:]// [://] [:] [/] [@]", "hxxp[:]//a[/]b[@]c ftp[://]d", "http://a/b@c ftp://d"],
    ["words in brackets stay", "see [at] (dot) and f(.5)", "see [at] (dot) and f(.5)"],
    ["backslashes", String.raw`C:\\\\Windows\\x`, String.raw`C:\Windows\x`],
    ["a form feed in a path", "c:\\temp\frmrdvw.txt", String.raw`c:\temp\frmrdvw.txt`],
    ["a line feed in a path", "C:\\Users\new.exe", String.raw`C:\Users\new.exe`],
    ["a tab right behind the drive", "c:\temp\\x", String.raw`c:\temp\x`],
    ["a carriage return in a key", "HKLM\\Software\run", String.raw`HKLM\Software\run`],
    ["a line feed behind two dots", "`..\notepad.exe`", "`..\\notepad.exe`"],
    ["no repair behind an ellipsis", "so ...\nThen it ran", "so ...\nThen it ran"],
    ["no repair behind a file's name", "C:\\a\\x.exe\nThen it ran", "C:\\a\\x.exe\nThen it ran"],
    ["no repair outside a path", "one\nnight", "one\nnight"],
  ])("%s", (_, raw, text) => {
    expect(normalise(raw).text).toBe(text);
    expect(comparable(raw)).toBe(text);
  });
});

const PIECES = [
  ..."[](){}.@:/\\\"' ",
  "dot",
  "at",
  " [dot] ",
  "[at]",
  "://",
  "hxxp",
  "h**p",
  "\\\\",
  "\f",
  "\n",
  "\t",
  "\r",
  "\b",
  "C:",
  "c:\\temp",
  "b.txt",
  "\u200b",
  "\u0301",
  "\u00ad",
  "\u2011",
  "\u1100",
  "\u1161",
  "\u11a8",
  "\uff76",
  "\uff9e",
  "\u00bd",
  "\u2026",
  "\u0435",
];
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: "binary", maxLength: 3 })), {
    maxLength: 24,
  })
  .map((parts) => parts.join(""));
const runs = { numRuns: 3000, seed: 20_260_302 };

describe("any text", () => {
  test("normalised twice is what it was once", () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const once = normalise(raw).text;
        expect(normalise(once).text).toBe(once);
      }),
      runs,
    );
  });

  test("has a way back that only goes forward and never leaves the raw text", () => {
    fc.assert(
      fc.property(anyText, (raw) => {
        const { text, map, ends } = normalise(raw);
        expect([map.length, ends.length]).toEqual([text.length, text.length]);
        for (let i = 0; i < text.length; i++) {
          const [start, end] = [map[i] ?? -1, ends[i] ?? -1];
          expect(start).toBeGreaterThanOrEqual(map[i - 1] ?? 0);
          expect(end).toBeGreaterThanOrEqual(Math.max(start, ends[i - 1] ?? 0));
          expect(end).toBeLessThanOrEqual(raw.length);
        }
      }),
      runs,
    );
  });

  test("of plain letters is itself, unit by unit", () => {
    const raw = "On WS-014 47 logons failed, said E12.";
    const text = normalise(raw);
    expect(text.text).toBe(raw);
    expect([...text.map]).toEqual([...raw].map((_, i) => i));
  });
});

test("the way back leaves out invisible characters beside a name and takes in those inside", () => {
  const raw = "to \u200bbad\u2010do\u200bmain[.]example\u200b now";
  const text = normalise(raw);
  const at = text.text.indexOf("bad-domain.example");
  const [start, end] = toRaw(text, at, at + 18);
  expect(raw.slice(start, end)).toBe("bad\u2010do\u200bmain[.]example");
});

test("a repaired backslash and its letter lead back to the one control character", () => {
  const raw = "c:\\temp\frm.txt";
  const text = normalise(raw);
  const at = text.text.indexOf("frm");
  expect(toRaw(text, at, at + 3)).toEqual([7, 10]);
});

test.each([
  "[",
  "\u0301",
  "\uff76\uff9e",
  "[.]",
  "\\",
  "c:\\a\n",
  "\u200b",
  "hxxp:",
  "[dot]",
  "\u{e0041}",
])("400,000 characters of %j cost no more than their number", (unit) => {
  const raw = unit.repeat(Math.ceil(400_000 / unit.length));
  normalise(raw.slice(0, 20_000));
  const started = process.cpuUsage();
  normalise(raw);
  const { user, system } = process.cpuUsage(started);
  // Anything superlinear takes minutes for this many.
  expect((user + system) / 1000).toBeLessThan(3000);
});
