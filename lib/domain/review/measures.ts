/** The formulas of the review room, each once; the page shows `formula` word for word. Times are ms since 1970 (UTC). */

/** What an incident's measures are made of; null: it has not come to that. */
export type IncidentMoments = {
  openedAt: number;
  earliestEvidence: number | null;
  firstAlertReceived: number | null;
  /** When a person first took it, or was given it. */
  firstHumanClaim: number | null;
  /** When the closure that stands took effect. */
  closureInEffect: number | null;
  firstVerifiedContainment: number | null;
};

export type SignOffMoments = { proposedAt: number; signedAt: number };

type Measure<Moments> = {
  name: string;
  formula: string;
  /** In ms; null: not to be told of this one. */
  of: (moments: Moments) => number | null;
};

export const INCIDENT_MEASURES = {
  mttd: {
    name: "Time to detect (MTTD)",
    formula: "first alert received − earliest evidence time",
    of: (m) => between(m.earliestEvidence, m.firstAlertReceived),
  },
  mtta: {
    name: "Time to acknowledge (MTTA)",
    formula: "first human claim of the incident − opened",
    of: (m) => between(m.openedAt, m.firstHumanClaim),
  },
  mttr: {
    name: "Time to resolve (MTTR)",
    formula: "closure in effect − opened",
    of: (m) => between(m.openedAt, m.closureInEffect),
  },
  contain: {
    name: "Time to contain",
    formula: "first verified containment − opened",
    of: (m) => between(m.openedAt, m.firstVerifiedContainment),
  },
} as const satisfies Record<string, Measure<IncidentMoments>>;

export const TIME_TO_SIGN: Measure<SignOffMoments> = {
  name: "Time to sign",
  formula: "sign-off − proposal",
  of: (m) => m.signedAt - m.proposedAt,
};

export const RATES = {
  falsePositive: {
    name: "False positive rate",
    formula:
      "reviewed alerts judged false positive / reviewed alerts; those of one incident are one judgement",
  },
  override: { name: "Override rate", formula: "claims disputed or corrected / claims reviewed" },
  acceptance: { name: "Acceptance rate", formula: "claims accepted / claims reviewed" },
} as const;

function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}

/** Of durations in ms: how many, and their mean, median and 90th percentile; null of none. */
export type Spread = { n: number; mean: number; median: number; p90: number } | null;

export function spreadOf(durations: readonly number[]): Spread {
  if (durations.length === 0) return null;
  const sorted = durations.toSorted((a, b) => a - b);
  return {
    n: sorted.length,
    mean: sorted.reduce((sum, one) => sum + one, 0) / sorted.length,
    median: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
  };
}

/** Between the two nearest, in proportion: what SQL calls `percentile_cont`. */
function percentile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [low, high] = [Math.floor(place), Math.ceil(place)];
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (place - low);
}

/** A share of `n` with the interval in which it lies with 95 per cent confidence; all from 0 to 1, and null of none. */
export type Rate = { hits: number; n: number; share: number; low: number; high: number } | null;

/** The two-sided quantile of the normal distribution at 95 per cent. */
const Z = 1.959_964;

/**
 * Wilson's score interval, which holds for small `n` and for shares near 0 and 1. `judgements`: how many the share rests
 * on, where several of the `n` were judged at once; the interval is as wide as theirs.
 */
export function rateOf(hits: number, n: number, judgements = n): Rate {
  if (n === 0) return null;
  const share = hits / n;
  const middle = share + Z ** 2 / (2 * judgements);
  const half = Z * Math.sqrt((share * (1 - share)) / judgements + Z ** 2 / (4 * judgements ** 2));
  const whole = 1 + Z ** 2 / judgements;
  return {
    hits,
    n,
    share,
    low: Math.max(0, (middle - half) / whole),
    high: Math.min(1, (middle + half) / whole),
  };
}
