import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEntities } from "./extract.ts";
import { normalise } from "./normalise.ts";

const runs = { numRuns: 1500, seed: 20_260_303 };
const NAMES = [
  "10.0.3.17",
  "2001:db8::1",
  "10.0.0.0/8",
  "evil.example.com",
  "https://evil.example/a?b=1",
  "jdoe@contoso.com",
  "CORP\\asmith",
  "WS-014",
  "DC01$",
  "ws-014.corp.local",
  "powershell.exe",
  "C:\\Windows\\System32\\cmd.exe",
  "\\\\fs01\\share",
  "HKLM\\Software\\Run",
  "/etc/passwd",
  "d41d8cd98f00b204e9800998ecf8427e",
  "S-1-5-21-1-2-3-500",
  "0a1b2c3d-0000-1111-2222-333344445555",
  "CVE-2024-1234",
  "T1059.001",
  "arn:aws:iam::123456789012:user/alice",
  "aa:bb:cc:dd:ee:ff",
  "2026-03-01 02:14:07 UTC",
  "47",
  "5 minutes",
  "1.2 GB",
  "45 %",
];
const WORDS = [
  "on",
  "from",
  "the",
  "host",
  "user",
  "port",
  "PID",
  "event ID",
  "and",
  ",",
  ".",
  "(",
  ")",
  '"',
  "between",
  "-",
  "about",
  "\n",
];
const NOISE = [
  "\u200b",
  "\u00ad",
  "\u202e",
  "\u2011",
  "\u201c",
  "\u00a0",
  "[.]",
  "[at]",
  "\\\\",
  "hxxp",
  "\f",
  "\u00bd",
  "\u0435",
  "\ud800",
];
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...NAMES),
      fc.constantFrom(...WORDS),
      fc.constantFrom(...NOISE),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 14 },
  )
  .chain((parts) => fc.constantFrom(parts.join(" "), parts.join("")));

/** Ways to write a name that mean the same to a reader. */
const DISGUISES: [string, (name: string) => string][] = [
  ["zero-width spaces", (name) => [...name].join("\u200b")],
  ["soft hyphens", (name) => [...name].join("\u00ad")],
  [
    "full-width letters",
    (name) => name.replace(/[a-z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  ],
  ["other dashes", (name) => name.replaceAll("-", "\u2011")],
  ["brackets around dots", (name) => name.replaceAll(".", "[.]")],
  ["doubled backslashes", (name) => name.replaceAll("\\", "\\\\")],
  ["other blanks", (name) => name.replaceAll(" ", "\u00a0")],
];

describe("any text", () => {
  test("gives entities in order that never overlap and stay within it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let end = 0;
        for (const entity of readEntities(text)) {
          expect(entity.start).toBeGreaterThanOrEqual(end);
          expect(entity.end).toBeGreaterThan(entity.start);
          expect(entity.text).not.toBe("");
          end = entity.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      runs,
    );
  });

  test("gives each entity a stretch that normalises back to its text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { map } = normalise(text);
        for (const entity of readEntities(text)) {
          const back = normalise(text.slice(entity.start, entity.end)).text;
          // A character that stands for several ("\u00bd") cannot be cut: then the stretch has more.
          const units = map.filter((at) => at >= entity.start && at < entity.end).length;
          const whole = units === entity.text.length;
          const cut = !whole || /[\f\b\v\r\n\t]/.test(text);
          const same = looks(back) === looks(entity.text);
          expect(same || (cut && back.length >= entity.text.length - 1)).toBe(true);
        }
      }),
      runs,
    );
  });

  test("gives the same twice", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(readEntities(text)).toEqual(readEntities(text));
      }),
      { ...runs, numRuns: 200 },
    );
  });
});

describe.each(DISGUISES)("a name in %s", (_, disguise) => {
  test.each(NAMES.filter((name) => disguise(name) !== name))("%s is read as the name", (name) => {
    const written = `seen: ${disguise(name)} there`;
    const plain = `seen: ${name} there`;
    const [found] = readEntities(written);
    const [wanted] = readEntities(plain);
    expect(found && { ...found, start: 0, end: 0 }).toEqual(
      wanted && { ...wanted, start: 0, end: 0 },
    );
    expect(written.slice(found?.start, found?.end)).toBe(
      disguise(plain.slice(wanted?.start, wanted?.end)),
    );
  });
});

/** Look-alike letters are folded by token, and a stretch alone may be another token. */
function looks(text: string): string {
  return text.replaceAll("\u0435", "e");
}

test("a claim of 400 characters is read in well under a millisecond of processor time", () => {
  const claim =
    "On WS-014 47 failed logons for CORP\\asmith came from 10.0.3.17 between 02:14 and 02:20 UTC; " +
    "C:\\Windows\\System32\\cmd.exe (PID 4120) then connected to evil.example.com:443 within 5 minutes, ";
  const text = claim.repeat(3).slice(0, 400);
  for (let i = 0; i < 500; i++) readEntities(text);
  const started = process.cpuUsage();
  for (let i = 0; i < 500; i++) readEntities(text);
  const { user, system } = process.cpuUsage(started);
  expect((user + system) / 1000 / 500).toBeLessThan(3);
});
