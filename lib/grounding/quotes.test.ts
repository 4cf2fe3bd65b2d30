import { describe, expect, test } from "vitest";
import type { CitationField, RuleClaim } from "./generators/draft.ts";
import { attachQuotes, evidenceToRead } from "./quotes.ts";
import { fixture, type FixtureRecord } from "./rules-fixtures.ts";

/** The quotes of one claim about one record; `kind` decides what an unquotable record leaves. */
function quote(
  raw: string,
  fields: CitationField[],
  record: FixtureRecord,
  more: Partial<RuleClaim> & { value?: string } = {},
): string | null {
  const { records, rawText } = fixture([{ ...record, raw }]);
  const [first] = records;
  if (!first) throw new Error("a record");
  const { value, ...claim } = more;
  const draft: RuleClaim = {
    family: "scope",
    section: "what",
    text: "A sentence.",
    kind: "observation",
    polarity: "affirmed",
    predicates: [],
    citations: [{ record: first, fields, value }],
    rank: 0,
    front: true,
    ...claim,
  };
  const [made] = attachQuotes({ claims: [draft] }, rawText);
  const found = made?.citations[0]?.quote ?? null;
  expect(found === null || raw.includes(found)).toBe(true);
  return found;
}

describe("a quote is a verbatim part of the raw text that holds the value", () => {
  test("key and value", () => {
    const raw = '{"Computer":"WS-014.corp.example","EventID":1}';
    expect(quote(raw, ["host"], { fields: { host: "ws-014" } })).toBe(
      '"Computer":"WS-014.corp.example"',
    );
    expect(quote(raw, ["event.code"], { fields: { "event.code": "1" } })).toBe('"EventID":1');
  });

  test("spaces and lines between key and value", () => {
    const raw = '{\n  "title" : "Beacon seen",\n  "severity": "high"\n}';
    expect(quote(raw, ["alert.title"], { fields: { "alert.title": "Beacon seen" } })).toBe(
      '"title" : "Beacon seen"',
    );
  });

  test("escaped backslashes, also of JSON in JSON", () => {
    const path = "C:\\Windows\\System32\\cmd.exe";
    const flat = JSON.stringify({ Image: path });
    const nested = JSON.stringify({ Entities: JSON.stringify([{ Name: path }]) });
    const deep = JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ Image: path }) }) });
    const fields = { "process.path": path };
    expect(quote(flat, ["process.path"], { fields })).toBe(
      '"Image":"C:\\\\Windows\\\\System32\\\\cmd.exe"',
    );
    expect(quote(nested, ["process.path"], { fields })).toContain("C:\\\\\\\\Windows");
    expect(quote(deep, ["process.path"], { fields })).toContain("System32");
  });

  test("unicode escapes and other case", () => {
    const raw = '{"cmd":"echo \\u003cscript\\u003e","md5":"ABCDEF0123456789ABCDEF0123456789"}';
    expect(
      quote(raw, ["process.command_line"], { fields: { "process.command_line": "echo <script>" } }),
    ).toBe('"cmd":"echo \\u003cscript\\u003e"');
    const hash = "abcdef0123456789abcdef0123456789";
    expect(quote(raw, ["hash.md5"], { fields: { "hash.md5": hash } })).toBe(
      '"md5":"ABCDEF0123456789ABCDEF0123456789"',
    );
  });

  test("a part of a value: one of several hashes, a user without its domain, a hexadecimal pid", () => {
    const sha = "B".repeat(64);
    const raw = `{"Hashes":"MD5=00000000000000000000000000000000,SHA256=${sha}","User":"CORP\\\\asmith","NewProcessId":"0x1f4"}`;
    expect(quote(raw, ["hash.sha256"], { fields: { "hash.sha256": sha.toLowerCase() } })).toContain(
      sha,
    );
    expect(quote(raw, ["user"], { fields: { user: "asmith" } })).toBe('"User":"CORP\\\\asmith"');
    expect(quote(raw, ["process.pid"], { fields: { "process.pid": 500 } })).toBe(
      '"NewProcessId":"0x1f4"',
    );
  });

  test.each([
    ['{"SystemTime":"2026-03-01 02:14:07.649150"}', '"SystemTime":"2026-03-01 02:14:07.649150"'],
    ['{"timestamp":"2026-03-01T04:14:07.649+0200"}', '"timestamp":"2026-03-01T04:14:07.649+0200"'],
    ['{"time":1772331247649,"n":1}', '"time":1772331247649'],
    ['{"time":"2026-03-01T02:14:07Z","n":1}', '"time":"2026-03-01T02:14:07Z"'],
    ['{"ts": 1772331247.649}', '"ts": 1772331247'],
  ])("the source's own spelling of a time: %s", (raw, expected) => {
    expect(quote(raw, ["time"], { time: "2026-03-01T02:14:07.649Z", fields: {} })).toBe(expected);
  });

  test("of several equal values, the one under the field's own key; of lists, the wanted value", () => {
    const raw = '{"DestinationIp":"10.0.0.9","SourceIp":"10.0.0.9"}';
    expect(quote(raw, ["source.ip"], { fields: { "source.ip": "10.0.0.9" } })).toBe(
      '"SourceIp":"10.0.0.9"',
    );
    const list = '{"ips":["10.0.0.1","10.0.0.2"]}';
    const fields = { "source.ip": ["10.0.0.1", "10.0.0.2"] };
    expect(quote(list, ["source.ip"], { fields }, { value: "10.0.0.2" })).toBe('"10.0.0.2"');
  });

  test("never longer than 120 characters, never cut inside an escape", () => {
    const line = `cmd /c ${"\\\\srv\\x ".repeat(60)}`;
    const made = quote(JSON.stringify({ CommandLine: line }), ["process.command_line"], {
      fields: { "process.command_line": line },
    });
    expect(made?.length).toBeLessThanOrEqual(120);
    expect(/(?:^|[^\\])(?:\\\\)*$/.test(made ?? "")).toBe(true);
  });

  test("whole tokens only: 10.0.0.1 is not quoted from 10.0.0.17, nor 4 from any number", () => {
    const raw = '{"a":"10.0.0.17","b":443,"SourceName":"x4"}';
    expect(quote(raw, ["source.ip"], { fields: { "source.ip": "10.0.0.1" } })).toBe(null);
    expect(quote(raw, ["process.pid"], { fields: { "process.pid": 4 } })).toBe(null);
  });

  test("ingest's replacements of NUL and broken characters are not looked for", () => {
    const raw = '{"script":"powershell -c whoami\\u0000rest"}';
    const fields = { script: "powershell -c whoami\u2400rest" };
    expect(quote(raw, ["script"], { fields })).toContain("powershell -c whoami");
  });
});

describe("when the value is not in the raw text", () => {
  const raw = '{"Computer":"WS-014","odd":"nothing else"}';

  test("another field of the same record is quoted", () => {
    const fields = { outcome: "blocked", host: "WS-014" };
    expect(quote(raw, ["outcome"], { fields })).toBe('"Computer":"WS-014"');
  });

  test("the claim goes when nothing can be quoted, unless the record is only counted", () => {
    const fields = { "alert.title": "not in the text" };
    expect(quote(raw, ["alert.title"], { fields })).toBe(null);
    expect(quote(raw, ["alert.title"], { fields }, { kind: "gap" })).toBe(
      '"Computer":"WS-014","odd":"nothing else"}',
    );
  });

  test("the records to load are named once each", () => {
    const { records } = fixture([{ fields: {} }, { fields: {} }]);
    const citations = records.map((record) => ({ record, fields: [] }));
    const claim = { citations } as unknown as RuleClaim;
    expect(evidenceToRead({ claims: [claim, claim] })).toEqual(["r1", "r2"]);
  });
});
