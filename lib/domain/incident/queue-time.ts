/** An instant, or so many minutes before the moment of asking. */
export type Moment = { at: string } | { minutesAgo: number };
/** From one moment up to another, which is no part of it; null: without a bound. */
export type Span = { from: Moment | null; to: Moment | null };

const MINUTES: Record<string, number> = { m: 1, h: 60, d: 1_440, w: 10_080 };
/** Ten years: nobody asks for more, and a database can count it. */
const MINUTES_MAX = 5_256_000;

/**
 * `<24h` is less than 24 hours ago, `>7d` longer than seven days; `2026-11-01` is that day in UTC, `>=2026-11-01` from
 * it on, `<2026-11-01` before it, `2026-11-01..2026-11-07` both days and what is between. Null: none of these.
 */
export function readSpan(text: string): Span | null {
  const age = /^([<>])=?(\d{1,7})([mhdw])$/i.exec(text);
  if (age) {
    const minutesAgo = Number(age[2]) * (MINUTES[(age[3] ?? "").toLowerCase()] ?? 0);
    if (minutesAgo > MINUTES_MAX) return null;
    return age[1] === "<" ? { from: { minutesAgo }, to: null } : { from: null, to: { minutesAgo } };
  }
  const range = /^([^.]+)\.\.([^.]+)$/.exec(text);
  if (range) {
    const [from, to] = [dayOf(range[1] ?? ""), dayOf(range[2] ?? "")];
    return from && to && from.start <= to.start
      ? { from: { at: from.start }, to: { at: to.end } }
      : null;
  }
  const compared = /^(<=?|>=?)?(.+)$/.exec(text);
  const day = dayOf(compared?.[2] ?? "");
  if (!day) return null;
  switch (compared?.[1]) {
    case "<":
      return { from: null, to: { at: day.start } };
    case "<=":
      return { from: null, to: { at: day.end } };
    case ">":
      return { from: { at: day.end }, to: null };
    case ">=":
      return { from: { at: day.start }, to: null };
    default:
      return { from: { at: day.start }, to: { at: day.end } };
  }
}

function dayOf(text: string): { start: string; end: string } | null {
  if (!/^(?:19|20|21)\d\d-\d\d-\d\d$/.test(text)) return null;
  const start = new Date(`${text}T00:00:00Z`);
  // A 30 February is read as the first of March: what is not written back as it was is no day.
  if (Number.isNaN(start.getTime()) || !start.toISOString().startsWith(text)) return null;
  const end = new Date(start.getTime() + 86_400_000);
  return { start: start.toISOString(), end: end.toISOString() };
}
