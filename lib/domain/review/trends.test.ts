/** Figures worked out by hand. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INCIDENT_MEASURES, rateOf, spreadOf } from "./measures.ts";
import {
  falsePositiveRate,
  incidentSpreads,
  overrideCourse,
  overrideRate,
  ratesBy,
  relianceByPerson,
  relianceOf,
} from "./trends.ts";
import type { GivenSignOff, ReviewedClaim, ReviewedIncident, Sitting } from "./trends.ts";

const CLAIM: ReviewedClaim = {
  outcome: "accepted",
  at: 0,
  model: "m-1",
  prompt: "summary/1",
  kind: "count",
  sources: ["EDR"],
  rules: [],
  types: [],
};
const INCIDENT: ReviewedIncident = {
  openedAt: 1_000,
  earliestEvidence: null,
  firstAlertReceived: null,
  firstHumanClaim: null,
  closureInEffect: null,
  firstVerifiedContainment: null,
  alerts: 1,
  judgement: null,
};
const SIGNED: GivenSignOff = {
  outcome: "approved",
  proposedAt: 0,
  signedAt: 60_000,
  openedEvidence: true,
  openedAt: null,
  person: null,
};

describe("a rate", () => {
  test("comes with Wilson's interval", () => {
    const { low, high } = rateOf(2, 10)!;
    expect(low).toBeCloseTo(0.0567, 4);
    expect(high).toBeCloseTo(0.5098, 4);
    expect(rateOf(0, 0)).toBeNull();
  });

  test("lies in its interval, which lies from 0 to 1 and narrows with more of the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), (n, some) => {
        const hits = some % (n + 1);
        const { share, low, high } = rateOf(hits, n)!;
        const more = rateOf(hits * 2, n * 2)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(share).toBeGreaterThanOrEqual(low - 1e-12);
        expect(share).toBeLessThanOrEqual(high + 1e-12);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
    );
  });
});

describe("a spread", () => {
  test("has mean, median and p90 between the nearest two", () => {
    expect(spreadOf([40, 10, 30, 20])).toEqual({ n: 4, mean: 25, median: 25, p90: 37 });
    expect(spreadOf([7])).toEqual({ n: 1, mean: 7, median: 7, p90: 7 });
    expect(spreadOf([])).toBeNull();
  });
});

test("each measure subtracts what its formula says, and is not told of what has not come to it", () => {
  const whole = {
    ...INCIDENT,
    earliestEvidence: 100,
    firstAlertReceived: 400,
    firstHumanClaim: 1_500,
    closureInEffect: 9_000,
    firstVerifiedContainment: 3_000,
  };
  const { mttd, mtta, mttr, contain } = incidentSpreads([whole, INCIDENT]);
  expect([mttd, mtta, mttr, contain].map((each) => [each!.n, each!.mean])).toEqual([
    [1, 300],
    [1, 500],
    [1, 8_000],
    [1, 2_000],
  ]);
  expect(INCIDENT_MEASURES.mttr.of(INCIDENT)).toBeNull();
});

test("false positives are counted in alerts, over those that people judged alone", () => {
  const rate = falsePositiveRate([
    { ...INCIDENT, alerts: 3, judgement: "false_positive" },
    { ...INCIDENT, alerts: 5, judgement: "true_positive" },
    { ...INCIDENT, alerts: 100 },
  ]);
  expect(rate).toMatchObject({ hits: 3, n: 8 });
  // one judgement over a thousand alerts is one judgement
  const one = falsePositiveRate([{ ...INCIDENT, judgement: "false_positive", alerts: 1_000 }]);
  expect(one!.low).toBeLessThan(0.25);
});

test("a claim counts once in each group that it is of, the largest first", () => {
  const claims: ReviewedClaim[] = [
    { ...CLAIM, sources: ["EDR", "Mail"], outcome: "disputed" },
    { ...CLAIM, sources: ["EDR"] },
    { ...CLAIM, sources: [], outcome: "corrected", prompt: null },
  ];
  expect(overrideRate(claims)).toMatchObject({ hits: 2, n: 3 });
  expect(
    ratesBy(claims, "source").map(({ name, override, accepted }) => [
      name,
      override.hits,
      override.n,
      accepted,
    ]),
  ).toEqual([
    ["EDR", 1, 2, 1],
    ["Mail", 1, 1, 0],
  ]);
  expect(ratesBy(claims, "prompt").map(({ override }) => override.n)).toEqual([2]);
  expect(ratesBy(claims, "rule")).toEqual([]);
});

test("the course puts each claim into one stretch", () => {
  const claims = [0, 9, 10, 19].map((at) => ({ ...CLAIM, at }));
  const course = overrideCourse(claims, { from: 0, to: 30, parts: 3 });
  expect(course.map(({ rate }) => rate?.n ?? 0)).toEqual([2, 2, 0]);
});

describe("over-reliance", () => {
  const sitting: Sitting = { claims: 3, accepted: 3, firstAt: 0, lastAt: 10_000, person: null };

  test("counts approvals, tells time only where it is recorded, and a gesture by its ten seconds", () => {
    const reliance = relianceOf(
      [
        { ...SIGNED, openedEvidence: false, openedAt: 50_000 },
        SIGNED,
        { ...SIGNED, outcome: "rejected", openedEvidence: false },
      ],
      [
        sitting,
        { ...sitting, lastAt: 10_001 },
        { ...sitting, accepted: 2 },
        { ...sitting, claims: 2, accepted: 2 },
      ],
    );
    expect(reliance.unopened).toMatchObject({ hits: 1, n: 2 });
    expect(reliance.onStatement).toMatchObject({ n: 1, median: 10_000 });
    expect(reliance.unrecorded).toBe(1);
    expect(reliance.oneGesture).toMatchObject({ hits: 1, n: 3 });
  });

  test("names only those whose rows have a name", () => {
    const ana = { id: "1", name: "ana" };
    const people = relianceByPerson([{ ...SIGNED, person: ana }, SIGNED], [sitting]);
    expect(people.map(({ name, unopened, oneGesture }) => [name, unopened!.n, oneGesture])).toEqual(
      [["ana", 1, null]],
    );
  });
});
