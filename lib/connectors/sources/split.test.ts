import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitBody, splitNdjsonStream } from "./split.ts";
import type { RawRecord } from "./split.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (record: RawRecord): string => new TextDecoder().decode(record.bytes);
const cut = (text: string): string[] => splitBody(bytes(text)).map(textOf);

async function* chunked(body: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let i = 0; i < body.length; i += size) yield body.subarray(i, i + size);
}

async function stream(body: Uint8Array, size: number): Promise<RawRecord[]> {
  const out: RawRecord[] = [];
  for await (const record of splitNdjsonStream(chunked(body, size))) out.push(record);
  return out;
}

describe("containers (formats.md 4.2, 6)", () => {
  const a = '{"a":1}';
  const b = '{ "b" : [1, {"c":"}]"}] }';
  it.each([
    ["one object", b, [b]],
    ["an array", `[${a}, ${b}\n]`, [a, b]],
    ["value wrapper", `{"@odata.context":"x","value":[${a},${b}],"@odata.nextLink":"y"}`, [a, b]],
    ["Records wrapper", `{"Records": [${a} , ${b}]}`, [a, b]],
    ["results wrapper", `{"preview":false,"results":[${a},${b}]}`, [a, b]],
    ["raw log entries", `{"create_time":"x","raw_logs":{"entries":[${a},${b}]}}`, [a, b]],
    ["search hits", `{"took":1,"hits":{"total":2,"hits":[${a},${b}]}}`, [a, b]],
    ["an empty wrapper", '{"value":[]}', []],
    ["NDJSON", `${a}\n${b}\r\n\n${a}`, [a, b, a]],
    ["concatenated", `${a}${b} ${a}`, [a, b, a]],
    ["separated by commas", `${a},\n${b},${a}`, [a, b, a]],
    [
      "pretty and concatenated",
      '{\n  "a": 1\n}\n{\n  "b": 2\n}\n',
      ['{\n  "a": 1\n}', '{\n  "b": 2\n}'],
    ],
    ["a byte order mark", `\uFEFF${a}\n${b}`, [a, b]],
    ["an array a line", `[${a}]\n[${b}]`, [a, b]],
    ["wrappers a line", `{"Records":[${a}]}\n{"Records":[${b}]}`, [a, b]],
  ])("%s", (_name, body, expected) => {
    expect(cut(body)).toEqual(expected);
  });

  it("keeps an object whose list stands beside data of its own", () => {
    const record = '{"user":"x","value":[{"a":1}]}';
    expect(cut(record)).toEqual([record]);
  });

  it("cuts the alerts out of a Graph incident as well as the incident", () => {
    const alert = '{"id":"a1","title":"x"}';
    const incident = `{"id":"7","incidentWebUrl":"u","alerts":[${alert}]}`;
    expect(cut(`{"value":[${incident}]}`)).toEqual([incident, alert]);
  });
});

describe("byte for byte (formats.md 4.2, 10)", () => {
  it("keeps integers over 2^53, odd spacing, duplicate keys and escapes", () => {
    const odd = '{ "Keywords" :-9214364837600034816,"k":1, "k":1e400 ,"s":"\\u0000\\ud800\\/" }';
    expect(cut(`[${odd}]`)).toEqual([odd]);
    expect(cut(`${odd}\n${odd}`)).toEqual([odd, odd]);
  });

  it("gives back every byte of any list of objects", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(object, { minLength: 2 }), fc.boolean(), (objects, pretty) => {
        const texts = objects.map((o) => JSON.stringify(o, null, pretty ? 2 : 0));
        expect(cut(texts.join("\n"))).toEqual(texts);
        expect(cut(`[${texts.join(",")}]`)).toEqual(texts);
        expect(cut(`{"value":[${texts.join(" , ")}]}`)).toEqual(texts);
      }),
    );
  });

  it("never throws, and what it cuts lies in order inside the body", () => {
    const soup = fc.string({ unit: fc.constantFrom(...'[]{}",:\\ \n1at\u0000\u00e9') });
    const body = fc.oneof(fc.uint8Array({ maxLength: 200 }), soup.map(bytes));
    fc.assert(
      fc.property(body, (input) => {
        const records = splitBody(input);
        expect(records.map((r) => r.index)).toEqual(records.map((_, i) => i));
        for (const record of records) expect(record.bytes.buffer).toBe(input.buffer);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("broken bodies (formats.md 4.2, 12)", () => {
  const reasons = (text: string): (string | undefined)[] =>
    splitBody(bytes(text)).map((r) => r.error);

  it("salvages the lines around a broken one and names its line", () => {
    const records = splitBody(bytes('{"a":1}\n{"b":"2017-03\n{"c":3}\n'));
    expect(records.map((r) => [r.index, textOf(r), r.line])).toEqual([
      [0, '{"a":1}', 1],
      [1, '{"b":"2017-03', 2],
      [2, '{"c":3}', 3],
    ]);
    expect(records[1]?.error).toMatch(/^line 2: not valid JSON/);
  });

  it("salvages an array that never closes and one with a broken element", () => {
    expect(reasons('[{"a":1},{"b":2}')).toEqual([undefined, undefined]);
    expect(reasons('[\n{"a":1},\n{"b":,},\n{"c":3}\n]')).toEqual([
      undefined,
      expect.stringContaining("line 3"),
      undefined,
    ]);
  });

  it("salvages a wrapper that was cut off", () => {
    const records = splitBody(bytes('{"Records":[{"a":1},{"b":2},{"c'));
    expect(records.map((r) => r.error === undefined)).toEqual([true, true, false]);
  });

  it.each([
    ["", "the body is empty"],
    [" \n\t", "the body is empty"],
    ["ElfFile\u0000\u0000", "binary .evtx"],
    ["<Event></Event>", "XML"],
    ["CEF:0|a|b|c\nCEF:0|d", "not JSON"],
  ])("says what is wrong with %j", (body, reason) => {
    expect(reasons(body)).toEqual([expect.stringContaining(reason)]);
  });

  it("names UTF-16 and undeclared gzip", () => {
    const utf16 = new Uint8Array(Buffer.from('\uFEFF{"a":1}', "utf16le"));
    expect(splitBody(utf16)[0]?.error).toContain("UTF-16");
    expect(splitBody(Uint8Array.of(0x1f, 0x8b, 8, 0))[0]?.error).toContain("gzip");
  });

  it("stays fast on a body made to be read again and again", () => {
    const started = performance.now();
    splitBody(bytes('{"a":[\n'.repeat(100_000)));
    splitBody(bytes("[".repeat(1_000_000)));
    splitBody(bytes('{"a":1\n'.repeat(100_000)));
    expect(performance.now() - started).toBeLessThan(15_000);
  }, 30_000);
});

describe("streams", () => {
  it("cuts the same records whatever the chunks", async () => {
    const bodies = [
      '{"a":1}\n{"b":"x\u00e9"}\n{"c":\n{"d":[1,2]}\n',
      '[{"a":1},\n{"b":2}]',
      '{"value":[{"a":1},{"b":2}]}',
      '\uFEFF{\n "a": 1\n}\n{\n "b": 2\n}',
      '{"a":1}',
      'junk\n{"a":1}',
      "",
    ];
    for (const body of bodies) {
      const whole = splitBody(bytes(body));
      for (const size of [1, 3, 7, 1_000]) {
        const cuts = await stream(bytes(body), size);
        expect(cuts.map(textOf)).toEqual(whole.map(textOf));
        expect(cuts.map((r) => r.error)).toEqual(whole.map((r) => r.error));
      }
    }
  });

  it("takes a line-delimited body longer than a body may be", async () => {
    const line = bytes(`{"message":"${"x".repeat(1_000)}"}\n`);
    async function* endless(): AsyncIterable<Uint8Array> {
      for (let i = 0; i < 30_000; i++) yield line;
    }
    let records = 0;
    for await (const record of splitNdjsonStream(endless())) {
      if (!record.error) records++;
    }
    expect(records).toBe(30_000);
  }, 30_000);

  it("refuses an array longer than a body may be with 413", async () => {
    const body = bytes(`[${'{"a":1},'.repeat(1_000)}{}]`);
    const limits = { bodyBytes: 4_000, recordBytes: 1_000 };
    const read = async (): Promise<void> => {
      for await (const record of splitNdjsonStream(chunked(body, 500), limits)) void record;
    };
    await expect(read()).rejects.toMatchObject({ status: 413 });
  });

  it("reports a record of a stream that is longer than a record may be and goes on", async () => {
    const body = bytes(`{"a":1}\n{"b":"${"x".repeat(5_000)}"}\n{"c":3}\n`);
    const records: RawRecord[] = [];
    const limits = { bodyBytes: 100_000, recordBytes: 1_000 };
    for await (const record of splitNdjsonStream(chunked(body, 300), limits)) records.push(record);
    expect(textOf(records[0] as RawRecord)).toBe('{"a":1}');
    expect(records.some((r) => r.error?.includes("longer than a record"))).toBe(true);
    expect(textOf(records.at(-1) as RawRecord)).toBe('{"c":3}');
  });
});
