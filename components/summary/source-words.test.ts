import { expect, test } from "vitest";
import { spanWords } from "#components/ui/time-words.ts";
import type { SourceHealthView } from "#lib/contracts/views.ts";
import { ATTACK_NOTICE, ATTACK_VERSION } from "#lib/grounding/attack-techniques.ts";
import { MITRE_NOTICE } from "#components/marks/mitre-notice.ts";
import { coveredStretches, shareWords, skewWords, sourcesLine, spanOf } from "./source-words.ts";

const source = (more: Partial<SourceHealthView> = {}): SourceHealthView => ({
  sourceId: "s",
  source: "EDR",
  records: 100,
  firstAt: "2026-03-01T02:00:00.000Z",
  lastAt: "2026-03-01T03:00:00.000Z",
  gaps: [],
  refused: 0,
  refusedShare: 0,
  clockSkewSeconds: null,
  silent: false,
  ...more,
});
const gap = (from: string, to: string) => ({
  from: `2026-03-01T${from}:00.000Z`,
  to: `2026-03-01T${to}:00.000Z`,
  seconds: 60,
});

test("the line counts gaps and silent sources, and takes the latest record and the worst clock", () => {
  const line = sourcesLine([
    source({ gaps: [gap("02:10", "02:20")], clockSkewSeconds: 4 }),
    source({
      lastAt: "2026-03-01T04:00:00.000Z",
      clockSkewSeconds: -90,
      refused: 1,
      refusedShare: 0.1,
    }),
    source({ records: 0, firstAt: null, lastAt: null, silent: true, clockSkewSeconds: 20 }),
  ]);
  expect(line).toMatchObject({ sources: 3, gaps: 1, silent: 1, skewSeconds: -90, whole: false });
  expect(line.lastAt).toBe("2026-03-01T04:00:00.000Z");
  // One refused of ten received by the second source, none of a hundred by the first.
  expect(line.refusedShare).toBeCloseTo(1 / 110, 6);
});

test("it is whole only when nothing is missing, refused, silent or out of step", () => {
  expect(sourcesLine([source({ clockSkewSeconds: 2 })]).whole).toBe(true);
  for (const flaw of [
    { gaps: [gap("02:10", "02:20")] },
    { silent: true },
    { refused: 1, refusedShare: 0.01 },
    { clockSkewSeconds: -5 },
  ]) {
    expect(sourcesLine([source(flaw)]).whole, JSON.stringify(flaw)).toBe(false);
  }
});

test("a share is never told as 0 % when something was refused", () => {
  expect([0, 0.0002, 0.002, 0.0449, 0.12, 1].map(shareWords)).toEqual([
    "0 %",
    "under 0.1 %",
    "0.2 %",
    "4.5 %",
    "12 %",
    "100 %",
  ]);
});

test("a clock is ahead or behind", () => {
  expect(skewWords(12, spanWords)).toBe("12 s ahead");
  expect(skewWords(-180, spanWords)).toBe("3 min behind");
});

test("what a source covers of the incident leaves its gaps out", () => {
  const late = source({ firstAt: "2026-03-01T02:30:00.000Z", gaps: [gap("02:36", "02:42")] });
  const span = spanOf([source(), late]);
  expect(span).toEqual({ from: "2026-03-01T02:00:00.000Z", to: "2026-03-01T03:00:00.000Z" });
  const stretches = coveredStretches(late, span);
  expect(
    stretches.map(({ from, to }) => [from, to].map((share) => Math.round(share * 100))),
  ).toEqual([
    [50, 60],
    [70, 100],
  ]);
  expect(coveredStretches(source({ firstAt: null, lastAt: null }), span)).toEqual([]);
  expect(coveredStretches(source(), { from: span!.from, to: span!.from })).toEqual([]);
});

test("MITRE's notice on the screen is the table's own", () => {
  expect(MITRE_NOTICE).toBe(`Technique names: MITRE ATT&CK® ${ATTACK_VERSION}. ${ATTACK_NOTICE}`);
});
