import { parseIncidentNumber, incidentNumber } from "#lib/domain/incident/incident.ts";

/** One line of the palette: it goes somewhere, or does something on the screen behind it. */
export type PaletteItem = {
  id: string;
  group: "Recent" | "Views" | "Incidents" | "On this screen" | "Go to";
  words: string;
  /** What stands behind the words: a key, a number. */
  hint?: string;
  /** Words from outside: shown exactly. */
  hostile?: boolean;
} & ({ href: string } | { run: () => void });

/** Those whose words hold every word that was typed, the ones that begin with them first; all where nothing was typed. */
export function matching(items: readonly PaletteItem[], typed: string): PaletteItem[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  const found = items.filter((item) => {
    const text = `${item.words} ${item.hint ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const begins = (item: PaletteItem) => item.words.toLowerCase().startsWith(words[0]!);
  return [...found.filter(begins), ...found.filter((item) => !begins(item))];
}

/** What is typed leads somewhere by itself: to a number, or to all incidents that hold the words. */
export function searchItems(typed: string): PaletteItem[] {
  const words = typed.trim();
  if (words === "") return [];
  const number = parseIncidentNumber(words);
  if (number !== null) {
    const shown = incidentNumber(number);
    return [
      { id: "jump", group: "Incidents", words: `Open ${shown}`, href: `/incidents/${shown}` },
    ];
  }
  const query = new URLSearchParams({ view: "all", q: words });
  return [
    {
      id: "search",
      group: "Incidents",
      words: `Search open incidents for "${words}"`,
      href: `/incidents?${query}`,
    },
  ];
}

const KEPT = "countersign.recent";
const RECENT_MAX = 6;

/**
 * Where this tab went lately. Places and numbers only: whoever signs in next in the same tab learns no title of an
 * incident from it.
 */
export function recentPaths(): { words: string; href: string }[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isPlace).slice(0, RECENT_MAX) : [];
  } catch {
    return [];
  }
}

export function remember(words: string, href: string): void {
  const others = recentPaths().filter((each) => each.href !== href);
  sessionStorage.setItem(KEPT, JSON.stringify([{ words, href }, ...others].slice(0, RECENT_MAX)));
}

function isPlace(value: unknown): value is { words: string; href: string } {
  const place = value as { words?: unknown; href?: unknown } | null;
  return (
    typeof place?.words === "string" &&
    typeof place.href === "string" &&
    /^\/(?!\/)/.test(place.href)
  );
}
