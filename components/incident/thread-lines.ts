import { zonedDay } from "#components/ui/time-words.ts";
import type { ThreadEntry } from "#lib/contracts/thread-views.ts";

/** What the thread shows: entries, with a heading wherever a new day begins. */
export type ThreadLine =
  | { type: "day"; key: string; day: string }
  | { type: "entry"; key: string; entry: ThreadEntry; repeat: boolean };

/**
 * Lines of the thread in order. A record that says the same as the one before it (title, host,
 * user and source) is a repeat. An entry that occurs twice (pages that overlap) is shown once.
 * Days are those of `zone`, an IANA name; null is UTC.
 */
export function threadLines(
  entries: Iterable<ThreadEntry>,
  zone: string | null = null,
): ThreadLine[] {
  const lines: ThreadLine[] = [];
  const seen = new Set<string>();
  let day: string | null = null;
  let before: ThreadEntry | null = null;
  for (const entry of entries) {
    const key = entryKey(entry);
    if (seen.has(key)) continue;
    seen.add(key);
    const today = dayOf(entry, zone);
    if (today !== day) {
      lines.push({ type: "day", key: `day:${today}:${key}`, day: today });
      day = today;
      before = null;
    }
    lines.push({ type: "entry", key, entry, repeat: repeats(before, entry) });
    before = entry;
  }
  return lines;
}

/** The id a line keeps however the thread is paged. */
export function entryKey(entry: ThreadEntry): string {
  return `${entry.type}:${entry.id}`;
}

/** The line `step` entries from `key` on, skipping headings; at an end it stays. */
export function neighbour(lines: ThreadLine[], key: string | null, step: 1 | -1): string | null {
  const entries = lines.filter((line) => line.type === "entry");
  const at = entries.findIndex((line) => line.key === key);
  if (at < 0) return (step > 0 ? entries[0] : entries.at(-1))?.key ?? null;
  return entries[Math.min(Math.max(at + step, 0), entries.length - 1)]?.key ?? null;
}

const UNDATED = "undated";

function dayOf(entry: ThreadEntry, zone: string | null): string {
  return entry.time ? zonedDay(entry.time, zone) : UNDATED;
}

function repeats(before: ThreadEntry | null, entry: ThreadEntry): boolean {
  return (
    before?.type === "record" &&
    entry.type === "record" &&
    before.title === entry.title &&
    before.host === entry.host &&
    before.user === entry.user &&
    before.source === entry.source
  );
}
