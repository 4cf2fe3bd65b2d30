import type { LeftOut } from "#lib/contracts/copilot-views.ts";

export function countWords(count: number | null): string {
  if (count === null) return "not known";
  return `${count.toLocaleString("en")} ${count === 1 ? "record" : "records"}`;
}

/** What was not shown to the model, in words. */
export function leftOutWords(leftOut: LeftOut | null): string {
  if (!leftOut) return "not known";
  const parts = [
    counted(leftOut.alerts, "alert", "alerts"),
    counted(leftOut.events, "event", "events"),
    leftOut.withheld > 0
      ? `${counted(leftOut.withheld, "record", "records")} too sensitive for this model`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

/** One line a class, most first: `3 users`, `1 secret: jwt`. */
export function redactionWords(redactions: Record<string, number> | null): string[] {
  return Object.entries(redactions ?? {})
    .filter(([, count]) => count > 0)
    .toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([name, count]) => {
      const [noun = name, detail] = name.split(".", 2);
      const words = noun.replaceAll("_", " ");
      return `${count.toLocaleString("en")} ${words}${detail ? `: ${detail.replaceAll("_", " ")}` : ""}`;
    });
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
