import type { ActivityView } from "#lib/contracts/views.ts";

/** One slice of the histogram. `height` is 0..1, on a root scale so that one event beside 2,000 is seen. */
export type ActivityBar = { from: string; records: number; alerts: number; height: number };

export function activityBars({ from, to, slices }: ActivityView): ActivityBar[] {
  if (from === null || to === null || slices.length === 0) return [];
  const start = Date.parse(from);
  const step = (Date.parse(to) - start) / slices.length;
  const most = Math.max(1, ...slices.map((slice) => slice.records));
  return slices.map(({ records, alerts }, index) => ({
    from: new Date(start + index * step).toISOString(),
    records,
    alerts,
    height: heightOf(records, most),
  }));
}

function heightOf(records: number, most: number): number {
  return records === 0 ? 0 : Math.min(1, Math.max(0.08, Math.sqrt(records / most)));
}

/** How high the part of each bar is that the filters leave, 0..1; `seconds` are the times of what they leave. */
export function matchingHeights(activity: ActivityView, seconds: ArrayLike<number>): number[] {
  const { from, to, slices } = activity;
  if (from === null || to === null) return [];
  const start = Date.parse(from);
  const length = Math.max(1, Date.parse(to) - start);
  const counts = slices.map(() => 0);
  for (let index = 0; index < seconds.length; index += 1) {
    const share = (seconds[index]! * 1000 - start) / length;
    const slice = Math.min(slices.length - 1, Math.max(0, Math.floor(share * slices.length)));
    counts[slice]! += 1;
  }
  const most = Math.max(1, ...slices.map((slice) => slice.records));
  // whole seconds and records without a time may put one in a slice beside its own
  return counts.map((count, slice) => heightOf(Math.min(count, slices[slice]!.records), most));
}

/** Where a time lies between the first and the last record, 0..1; null when it is outside. */
export function shareOf({ from, to }: ActivityView, time: string): number | null {
  if (from === null || to === null) return null;
  const length = Date.parse(to) - Date.parse(from);
  const share = length > 0 ? (Date.parse(time) - Date.parse(from)) / length : 0;
  return share >= 0 && share <= 1 ? share : null;
}

/** The slice under a pointer at `x` of `width` pixels. */
export function sliceAt(x: number, width: number, slices: number): number {
  if (width <= 0 || slices <= 0) return 0;
  return Math.min(slices - 1, Math.max(0, Math.floor((x / width) * slices)));
}

/** A stretch of slices, from the first to before the second: 0 <= start < end <= slices. */
export type Brush = { start: number; end: number };

/** The stretch as times, from the first to before the second; none for all of it. The last slice holds its end. */
export function timesOf(activity: ActivityView, brush: Brush): { from: string; to: string } | null {
  const { from, to, slices } = activity;
  if (from === null || to === null) return null;
  if (brush.start <= 0 && brush.end >= slices.length) return null;
  const first = Date.parse(from);
  const step = (Date.parse(to) - first) / slices.length;
  const end =
    brush.end >= slices.length ? Date.parse(to) + 1 : Math.round(first + brush.end * step);
  const start = Math.round(first + brush.start * step);
  return {
    from: new Date(start).toISOString(),
    to: new Date(Math.max(end, start + 1)).toISOString(),
  };
}

/** The slices that hold a stretch of time; null when none of it is here. */
export function brushOf(activity: ActivityView, from?: string, to?: string): Brush | null {
  if ((!from && !to) || activity.from === null || activity.to === null) return null;
  const count = activity.slices.length;
  const first = Date.parse(activity.from);
  const length = Math.max(1, Date.parse(activity.to) - first);
  const edge = (time: string) => ((Date.parse(time) - first) / length) * count;
  const start = from ? Math.floor(edge(from) + 0.01) : 0;
  const end = to ? Math.ceil(edge(to) - 0.01) : count;
  if (end <= 0 || start >= count) return null;
  const held = Math.max(0, start);
  return { start: held, end: Math.min(count, Math.max(end, held + 1)) };
}

/** The stretch after one of its ends moved by so many slices; the ends never meet. */
export function moved(brush: Brush, edge: "start" | "end", by: number, slices: number): Brush {
  if (edge === "start")
    return { ...brush, start: Math.min(brush.end - 1, Math.max(0, brush.start + by)) };
  return { ...brush, end: Math.max(brush.start + 1, Math.min(slices, brush.end + by)) };
}
