const dayFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "Sun 1 Mar 2026" for "2026-03-01"; records without a time stand under a heading of their own. */
export function dayHeading(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return "No time in the record";
  return dayFormat.format(date).replace(",", "");
}
