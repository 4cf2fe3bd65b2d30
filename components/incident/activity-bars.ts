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
    height: records === 0 ? 0 : Math.max(0.08, Math.sqrt(records / most)),
  }));
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
