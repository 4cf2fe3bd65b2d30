import { mkdirSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { numberEvents, verifyClaimsAgainst } from "./verify-claims-against.ts";
import { type Desk, failedLogons, lines, LOGONS, openDesk } from "./testing.ts";

// each test starts the command, which takes a second on a busy machine
vi.setConfig({ testTimeout: 60_000 });

let desk: Desk;
beforeAll(() => {
  desk = openDesk();
  desk.write("logons.ndjson", lines(...LOGONS));
  desk.write("claims.json", JSON.stringify([failedLogons()]));
  desk.write("empty.json", " \n");
  desk.write("broken.json", '{"claims": [');
  desk.write("number.json", "42");
  desk.write("cut.gz", gzipSync(lines(...LOGONS)).subarray(0, 60));
  desk.write("wide.gz", gzipSync(Buffer.alloc(200_000_001, 0x20)));
  desk.write("utf16.json", Buffer.from("\uFEFF[1]", "utf16le"));
  desk.write("page.xml", "<Events/>");
  desk.write("huge.ndjson", "{}");
  truncateSync(join(desk.folder, "huge.ndjson"), 200_000_001);
  mkdirSync(join(desk.folder, "folder"));
});
afterAll(() => desk.close());

const EVENTS = ["--events", "logons.ndjson"];
const CLAIMS = ["--claims", "claims.json"];

describe("what cannot be used ends with exit code 2 and a sentence", () => {
  const cases: [string, string[], RegExp][] = [
    ["nothing at all", [], /Which events\?/],
    ["no claims", EVENTS, /Which claims\?/],
    ["an unknown flag", [...EVENTS, ...CLAIMS, "--verbose"], /Unknown: --verbose/],
    ["a stray word", ["x", ...EVENTS, ...CLAIMS], /Unknown: x/],
    ["a flag without its value", [...EVENTS, "--claims"], /--claims needs a value/],
    ["a flag given twice", [...EVENTS, ...CLAIMS, ...CLAIMS], /--claims is given twice/],
    ["an unknown format", [...EVENTS, ...CLAIMS, "--format", "cef"], /--format is one of auto, /],
    [
      "an unknown standing",
      [...EVENTS, ...CLAIMS, "--fail-on=true"],
      /--fail-on is one of partial/,
    ],
    ["a time that is none", [...EVENTS, ...CLAIMS, "--now", "soon"], /--now is a time/],
    ["no such events", ["--events", "gone.json", ...CLAIMS], /^gone.json: no such file/],
    ["a folder of events", ["--events", "folder", ...CLAIMS], /^folder: not a file/],
    ["empty events", ["--events", "empty.json", ...CLAIMS], /no record in it: the body is empty/],
    ["events in XML", ["--events", "page.xml", ...CLAIMS], /no record in it: the body is XML/],
    ["events in UTF-16", ["--events", "utf16.json", ...CLAIMS], /UTF-16/],
    ["events over 200 MB", ["--events", "huge.ndjson", ...CLAIMS], /more than 200 MB/],
    ["events that unpack to more", ["--events", "wide.gz", ...CLAIMS], /more than 200 MB/],
    ["a cut gzip", ["--events", "cut.gz", ...CLAIMS], /broken or cut short gzip/],
    ["no such claims", [...EVENTS, "--claims", "gone.json"], /^gone.json: no such file/],
    ["a folder of claims", [...EVENTS, "--claims", "folder"], /^folder: not a file/],
    ["claims over 200 MB", [...EVENTS, "--claims", "huge.ndjson"], /more than 200 MB/],
    ["empty claims", [...EVENTS, "--claims", "empty.json"], /the file is empty/],
    ["broken claims", [...EVENTS, "--claims", "broken.json"], /not valid JSON/],
    ["claims that are a number", [...EVENTS, "--claims", "number.json"], /not claims but a number/],
    [
      "a place that cannot be written",
      [...EVENTS, ...CLAIMS, "--json", "no/out.json"],
      /cannot be written/,
    ],
  ];
  test.each(cases)("%s", (_name, args, message) => {
    const { status, stderr } = desk.run(...args);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
    expect(stderr).not.toMatch(/^\s+at |node:internal/m);
  });
});

describe("hostile content", () => {
  test("reaches the terminal as text, never as a control character", () => {
    const text = "\u001b[2J\u202Egrim\u0007 \u{E0041}\n\r";
    desk.write("these.json", JSON.stringify([failedLogons({ text })]));
    const { status, stdout } = desk.run(...EVENTS, "--claims", "these.json");
    expect(status).toBe(0);
    expect(stdout).toContain("[2J");
    expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{C}]/u);
  });

  test("of any shape gets a verdict from the function too", () => {
    const strange = [null, 7, "x", [], {}, { text: {} }, { text: "a", citations: "b" }];
    const { claims } = verifyClaimsAgainst(numberEvents(LOGONS), strange);
    expect(claims.map((c) => c.standing)).toEqual(strange.map(() => null));
    for (const given of [null, undefined, "text", { claims: 5 }])
      expect(verifyClaimsAgainst([], given).totals).toMatchObject({ claims: 1, refused: 1 });
  });
});

describe("verifyClaimsAgainst", () => {
  test("judges values as the command judges files", () => {
    const verdict = verifyClaimsAgainst(numberEvents(LOGONS), { claims: [failedLogons()] });
    expect(verdict.totals).toMatchObject({ claims: 1, supported: 1 });
    expect(verdict.events).toMatchObject({ records: 3, refused: [], duplicates: [] });
  });

  test("takes records as they were sent, and says which are none", () => {
    const events = numberEvents([JSON.stringify(LOGONS[0]), "{oops", 7]);
    const { refused, records } = verifyClaimsAgainst(events, []).events;
    expect(records).toBe(1);
    expect(refused.map(({ number }) => number)).toEqual([2, 3]);
  });

  test("does not count a record whose id another content has", () => {
    const events = numberEvents([LOGONS[0], { ...LOGONS[0], host: "dc02" }]);
    expect(verifyClaimsAgainst(events, []).events).toMatchObject({
      records: 1,
      refused: [{ number: 2, reason: "it has the id of E1, but other content" }],
    });
  });
});
