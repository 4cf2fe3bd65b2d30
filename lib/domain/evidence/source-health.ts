/** How complete a source is: what counts as a gap, as silence, and as a clock that is off. Seconds, UTC. */

/** A gap is longer than this, however busy the source is. */
export const GAP_SECONDS_MIN = 900;
/** A gap is longer than this many times the source's usual interval. */
export const GAP_INTERVALS = 10;
/** With fewer records nothing is usual yet. */
export const USUAL_RECORDS_MIN = 20;
/** How far back a source's usual interval is looked for when it has nothing in the incident. */
export const USUAL_DAYS = 7;

/** A record counts as live when it was received within this of its own time: older ones may be an import. */
const LIVE_SECONDS_MAX = 3600;
/** A time this far ahead of its receipt is a wrong time, not a clock that is off. */
const AHEAD_SECONDS_MAX = 86_400;
/** Fewer live records say nothing about a clock. */
const LIVE_RECORDS_MIN = 10;
/** The share of live records that may have arrived quicker than the one that is believed. */
const QUICKEST_SHARE = 0.1;

export type Stretch = { from: string; to: string; seconds: number };

/**
 * Stretches without a record that are much longer than the source's usual interval, longest first: more than 15
 * minutes and more than ten times the median interval between its records, of which there are 20 at least. `times`
 * are ISO 8601 in ascending order; a stretch runs from the record before it to the record after it.
 */
export function findGaps(times: readonly string[]): Stretch[] {
  if (times.length < USUAL_RECORDS_MIN) return [];
  const at = times.map((time) => Date.parse(time));
  const intervals = at.slice(1).map((ms, i) => (ms - (at[i] ?? ms)) / 1000);
  const limit = gapSeconds(lowerMedian(intervals));
  return intervals
    .flatMap((seconds, i): Stretch[] => {
      const [from, to] = [times[i], times[i + 1]];
      return seconds > limit && from && to ? [{ from, to, seconds: Math.round(seconds) }] : [];
    })
    .toSorted((a, b) => b.seconds - a.seconds || (a.from < b.from ? -1 : 1));
}

/** How long nothing must have come to be a gap, for a source with this usual interval. */
export function gapSeconds(usualSeconds: number): number {
  return Math.max(GAP_SECONDS_MIN, GAP_INTERVALS * usualSeconds);
}

export type Quiet = {
  /** Records of the source in the `USUAL_DAYS` before the incident's first. */
  recentCount: number;
  /** Its last record before the incident's first record; null when there is none. */
  lastBefore: string | null;
  /** Its first record after the incident's last one, or that last one's time when none came yet. */
  until: string;
};

/**
 * A source is silent when it delivers in general, has no record at all while the incident went on, and the stretch
 * around it is a gap by the same measure. Only for sources without a record between the incident's first and last.
 */
export function isSilent({ recentCount, lastBefore, until }: Quiet): boolean {
  if (lastBefore === null || recentCount < USUAL_RECORDS_MIN) return false;
  const usual = (USUAL_DAYS * 86_400) / recentCount;
  return (Date.parse(until) - Date.parse(lastBefore)) / 1000 > gapSeconds(usual);
}

/**
 * How far a source's clock is ahead (+) or behind (-), in whole seconds, told by its live records; null for fewer than
 * ten. `delays` are receipt minus the record's own time. Delivery takes time, so a delay alone is no skew: what the
 * quickest tenth of the records took at most is taken for the clock's error, and a clock more than an hour behind
 * cannot be told from an import of old data.
 */
export function clockSkew(delays: readonly number[]): number | null {
  const live = delays
    .filter((seconds) => seconds <= LIVE_SECONDS_MAX && seconds >= -AHEAD_SECONDS_MAX)
    .toSorted((a, b) => a - b);
  if (live.length < LIVE_RECORDS_MIN) return null;
  const skew = -Math.round(live[Math.ceil(live.length * QUICKEST_SHARE) - 1] ?? 0);
  return skew === 0 ? 0 : skew;
}

/** Of what was received, the part that could not be taken in: 0 to 1. */
export function refusedShare(refused: number, taken: number): number {
  return refused === 0 ? 0 : refused / (refused + taken);
}

/** The middle interval; of two middle ones the shorter. */
function lowerMedian(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}
