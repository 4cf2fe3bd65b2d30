import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { differenceOf } from "./claims.ts";
import { claimFigures, groupFigures, repeatFigure } from "./ingest-figures.ts";
import { isAccountedFor, isExplained } from "./post-files.ts";
import type { Answer, Posted } from "./post-files.ts";
import { hasSpan } from "./raw-bytes.ts";
import { classify } from "./sample-files.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

function posted(records: number, answer: Partial<Answer>, text = "x"): Posted {
  const bytes = Buffer.from(text);
  return {
    file: {
      path: "a.json",
      group: "named",
      format: "ocsf",
      stored: bytes,
      bytes,
      gzip: false,
      container: "json",
      records,
      listed: records,
      broken: false,
    },
    answer: { accepted: 0, duplicates: 0, rejected: [], refused: null, ms: 1, ...answer },
  };
}

describe("classify", () => {
  test.each([
    ["ocsf/a.ocsf.json", "named", "ocsf"],
    ["windows-otrf/a.json.gz", "named", "windows-event"],
    ["quirks/eve_one_broken_line.json", "named", "suricata-eve"],
    ["vendor-api-samples/elastic_ecs.ndjson", "named", "elastic-ecs"],
    ["vendor-api-samples/okta.ndjson", "other", "auto"],
    ["zeek/zat/json_conn.log", "other", "auto"],
  ])("%s is %s, %s", (path, group, format) => {
    expect(classify(path)).toEqual({ group, format });
  });

  test.each([
    "saas/a.labels.ndjson",
    "x/ground-truth/a.json",
    "zeek/zat/conn.log",
    "ocsf/a.csv",
    "a/raw.evtx",
  ])("%s stays out", (path) => {
    expect(classify(path)).toBeNull();
  });
});

describe("an answer", () => {
  test("accounts for every record or is a miss", () => {
    const rejected = [{ index: 2, reason: "line 3: not valid JSON" }];
    expect(isAccountedFor(posted(4, { accepted: 2, duplicates: 1, rejected }))).toBe(true);
    expect(isAccountedFor(posted(5, { accepted: 2, duplicates: 1, rejected }))).toBe(false);
  });

  test("may refuse an empty file as one piece", () => {
    const empty = posted(0, { rejected: [{ index: 0, reason: "the body is empty" }] }, "");
    expect(isAccountedFor(empty)).toBe(true);
    expect(isExplained(empty)).toBe(true);
  });

  test("may refuse more pieces of a broken file than it has records, and never fewer", () => {
    const piece = { index: 0, reason: "line 1: not valid JSON" };
    const broken = ({ file, answer }: Posted) => ({ file: { ...file, broken: true }, answer });
    expect(isAccountedFor(broken(posted(3, { accepted: 2, rejected: [piece, piece] })))).toBe(true);
    expect(isAccountedFor(broken(posted(3, { accepted: 2 })))).toBe(false);
    expect(isAccountedFor(broken(posted(3, { accepted: 4 })))).toBe(false);
  });

  test("must say why in words", () => {
    expect(isExplained(posted(1, { rejected: [{ index: 0, reason: "E42" }] }))).toBe(false);
    expect(isExplained(posted(1, { refused: "413 The body is too large." }))).toBe(false);
  });
});

describe("hasSpan", () => {
  const file = Buffer.from('[{"id":1}, {"id":12}]');

  test("finds a whole value, byte for byte", () => {
    expect(hasSpan(file, Buffer.from('{"id":12}'), digest('{"id":12}'))).toBe(true);
  });

  test("finds no part of a value and nothing changed", () => {
    expect(hasSpan(file, Buffer.from('"id":1'), digest('"id":1'))).toBe(false);
    expect(hasSpan(file, Buffer.from('{"id": 12}'), digest('{"id": 12}'))).toBe(false);
    expect(hasSpan(file, Buffer.from('{"id":12}'), digest("other"))).toBe(false);
  });
});

describe("differenceOf", () => {
  const place = { evidenceId: "e", quote: "abcd", start: 3, end: 7 };
  const first = { standing: "supported" as const, citations: [place] };

  test("is null when nothing differs", () => {
    expect(
      differenceOf(first, { standing: "supported", checks: [], resolved: [place] }),
    ).toBeNull();
  });

  test("names another standing with its worst check, and another place", () => {
    const checks = [
      { check: "quote", effect: "supported" as const, said: "abcd", found: "word for word" },
      { check: "predicate", effect: "contradicted" as const, said: "48", found: "47" },
    ];
    expect(differenceOf(first, { standing: "contradicted", checks, resolved: [place] })).toContain(
      "said 48, found 47",
    );
    expect(
      differenceOf(first, {
        standing: "supported",
        checks: [],
        resolved: [{ ...place, start: 4 }],
      }),
    ).toContain("another place");
  });
});

describe("figures", () => {
  test("miss their targets when something is lost", () => {
    const figures = groupFigures("named", [posted(3, { accepted: 2 })]);
    const lost = figures.find(({ id }) => id === "named.files_unaccounted");
    expect(lost).toMatchObject({ value: 1, holds: false });
    expect(lost?.note).toContain("a.json: 3 records, 2 + 0 + 0");
  });

  test("miss when a file posted again is taken twice", () => {
    expect(repeatFigure([posted(2, { duplicates: 2 })]).holds).toBe(true);
    expect(repeatFigure([posted(2, { accepted: 1, duplicates: 1 })]).holds).toBe(false);
  });

  test("never round a single claim away", () => {
    const standings = { supported: 9_999_999, partial: 1, unsupported: 0, contradicted: 0 };
    const found = {
      incidents: 1,
      withoutSummary: [],
      withoutClaims: [],
      claims: 10_000_000,
      standings,
      notSupported: ["one"],
      differences: [],
      citations: 0,
      wrongPlaces: [],
    };
    const share = claimFigures(found, { n: 1, slowestMs: 1, slowest: "a", medianMs: 1 }).find(
      ({ id }) => id === "claims.supported",
    );
    expect(share?.value).toBeLessThan(1);
    expect(share?.holds).toBe(false);
  });

  test("miss when there is not one claim", () => {
    const standings = { supported: 0, partial: 0, unsupported: 0, contradicted: 0 };
    const found = {
      incidents: 0,
      withoutSummary: [],
      withoutClaims: [],
      claims: 0,
      standings,
      notSupported: [],
      differences: [],
      citations: 0,
      wrongPlaces: [],
    };
    const share = claimFigures(found, { n: 0, slowestMs: 0, slowest: "", medianMs: 0 }).find(
      ({ id }) => id === "claims.supported",
    );
    expect(share?.holds).toBe(false);
  });
});
