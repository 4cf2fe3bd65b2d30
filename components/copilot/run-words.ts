import type { LeftOut } from "#lib/contracts/copilot-views.ts";

export function countWords(count: number): string {
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
      const [one, many] = NOUNS[noun] ?? [words, `${words}s`];
      const counted = `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
      return detail ? `${counted}: ${detail.replaceAll("_", " ")}` : counted;
    });
}

const NOUNS: Record<string, readonly [one: string, many: string]> = {
  ip: ["address", "addresses"],
  public_ip: ["public address", "public addresses"],
  mail: ["mailbox", "mailboxes"],
  sid: ["security identifier", "security identifiers"],
};

/** `maxTokens` and `max_tokens` are `Max tokens`. */
export function nameWords(name: string): string {
  const words = name
    .replaceAll("_", " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A parameter of a request, in words where it has them. */
export function valueWords(value: unknown): string {
  if (value === null || value === undefined) return "not sent";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return value.toLocaleString("en");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
