/** Everything one run of the benchmark found, and the targets it is held against. */
import type { HostileResult } from "./hostile-inputs.ts";
import type { NaturalClaims } from "./natural.ts";
import type { ReportScore } from "./natural-reports.ts";
import { OPERATORS } from "./operators.ts";
import type { CurvePoint } from "./size-curve.ts";
import { alarmsOf, percent, shareWithInterval, sumOf } from "./tally.ts";
import type { Tally } from "./tally.ts";
import type { TaggedScore } from "./tagged.ts";
import type { Side } from "./split.ts";

export type Report = {
  short: boolean;
  /** Whether the sample data was there. */
  data: boolean;
  sides: readonly Side[];
  tally: Tally;
  natural: NaturalClaims;
  reports: ReportScore;
  tagged: TaggedScore;
  curve: CurvePoint[];
  hostile: HostileResult[];
  /** Of this process, in MiB. */
  rssMb: number;
};

/** `met` is null where nothing was measured. */
export type Target = { what: string; target: string; figure: string; met: boolean | null };

const KEPT = new Set(OPERATORS.filter(({ keeps }) => keeps).map(({ id }) => id));
export const isLie = (operator: string) => !KEPT.has(operator);

const DETECTED: [string[], number, string][] = [
  [
    ["M01", "M02", "M04", "M06", "M07", "M08", "M09", "M12", "M13", "M15", "M18", "M21"],
    0.995,
    "detected >= 99.5 %",
  ],
  [["M03", "M10", "M11", "M16"], 0.98, "detected >= 98 %"],
  [["M14"], 0.95, "detected >= 95 %"],
  [["M17", "M19", "M20"], 0.95, "not supported >= 95 %"],
];

/** The "Must reach", on `side`. */
export function targetsOf(report: Report, side: Side): Target[] {
  const { tally } = report;
  const lies = sumOf(tally, [side], isLie);
  const spelled = sumOf(tally, [side], (id) => id === "M05");
  const b1 = alarmsOf(tally, [side]);
  return [
    {
      what: "False-supported over all mutants",
      target: "<= 0.5 %",
      figure: `${shareWithInterval(lies.supported, lies.n)}, ${lies.supported} of ${lies.n}`,
      met: lies.n === 0 ? null : lies.supported / lies.n <= 0.005,
    },
    ...DETECTED.flatMap(([operators, share, target]) =>
      operators.map((operator) => detectedTarget(tally, side, operator, share, target)),
    ),
    {
      what: "M05 alarms",
      target: "0",
      figure: `${spelled.detected} of ${spelled.n}`,
      met: spelled.n === 0 ? null : spelled.detected === 0,
    },
    {
      what: "B1 false alarms",
      target: "0",
      figure: `${b1.alarms} of ${b1.n}`,
      met: b1.n === 0 ? null : b1.alarms === 0,
    },
    naturalTarget(report, side),
    ...speedTargets(report),
  ];
}

function detectedTarget(
  tally: Tally,
  side: Side,
  operator: string,
  share: number,
  target: string,
): Target {
  const { n, detected } = sumOf(tally, [side], (id) => id === operator);
  const figure = n === 0 ? "no mutant" : `${percent(detected / n)}, ${detected} of ${n}`;
  return { what: operator, target, figure, met: n === 0 ? null : detected / n >= share };
}

function naturalTarget({ natural }: Report, side: Side): Target {
  const what = "B2 hard false alarms";
  if (natural.data === null) return { what, target: "<= 2 %", figure: natural.reason, met: null };
  const { hits, n, share } = (side === "dev" ? natural.dev : natural.heldOut).hard;
  const figure = `${shareWithInterval(hits, n)}, ${hits} of ${n}`;
  return { what, target: "<= 2 %", figure, met: share <= 0.02 };
}

function speedTargets({ curve, hostile }: Report): Target[] {
  const at = (events: number) => curve.find((point) => point.events === events);
  const limits: [number, number][] = [
    [10_000, 100],
    [100_000, 1000],
  ];
  const targets = limits.map(([events, limit]): Target => {
    const point = at(events);
    return {
      what: `50 claims over ${events.toLocaleString("en-US")} events`,
      target: `<= ${limit} ms, cold`,
      figure: point
        ? `${Math.round(point.ms)} ms cold, ${Math.round(point.warmMs)} ms warm`
        : "not measured in short mode",
      met: point ? point.ms <= limit : null,
    };
  });
  const slow = hostile.filter(({ ms }) => ms > 100);
  const [worst] = hostile.toSorted((a, b) => b.ms - a.ms);
  targets.push({
    what: "1 MB of hostile text",
    target: "<= 100 ms, or refused",
    figure: worst
      ? `${slow.length} of ${hostile.length} over 100 ms; slowest ${Math.round(worst.ms)} ms (${worst.text} in the ${worst.place})`
      : "not measured in short mode",
    met: hostile.length === 0 ? null : slow.length === 0,
  });
  return targets;
}

/** The counts a build may fail on; times never do. Returns what is broken, in sentences. */
export function brokenInvariants(report: Report): string[] {
  const { tally, sides, data, short } = report;
  const lies = sumOf(tally, sides, isLie);
  const { n, alarms } = alarmsOf(tally, sides);
  const broken: string[] = [];
  if (lies.supported / Math.max(1, lies.n) > 0.005)
    broken.push(`${lies.supported} of ${lies.n} mutants came out supported: more than 0.5 %`);
  if (alarms > 0) broken.push(`${alarms} of ${n} true claims (B1) did not come out supported`);
  const [claims, mutants] = data ? (short ? [1000, 5000] : [5000, 50_000]) : [150, 1000];
  const isWhole = sides.length === 2 || !data;
  if (isWhole && n < claims) broken.push(`only ${n} true claims: expected ${claims}`);
  if (isWhole && lies.n < mutants) broken.push(`only ${lies.n} mutants: expected ${mutants}`);
  const missing = OPERATORS.filter(
    ({ id }) => sumOf(tally, sides, (other) => other === id).n === 0,
  );
  if (missing.length > 0)
    broken.push(`no mutant of ${missing.map(({ id }) => id).join(", ")} was made`);
  return broken;
}
