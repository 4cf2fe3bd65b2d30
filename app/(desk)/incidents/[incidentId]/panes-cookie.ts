/** Sizes of the incident's panes, in percent by pane, as the person left them. */
export type PaneLayouts = {
  incident?: Record<string, number>;
  reading?: Record<string, number>;
};

export const PANES_COOKIE = "countersign-panes";

/** The sizes in the cookie; whatever is not sizes is ignored. */
export function paneLayouts(cookie: string | undefined): PaneLayouts {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(cookie ?? ""));
    if (typeof value !== "object" || value === null) return {};
    const { incident, reading } = value as Record<string, unknown>;
    return {
      incident: sizes(incident, ["reading", "side"]),
      reading: sizes(reading, ["thread", "record"]),
    };
  } catch {
    return {};
  }
}

function sizes(value: unknown, panes: string[]): Record<string, number> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const given = value as Record<string, unknown>;
  const found = panes.map((pane) => [pane, given[pane]] as const);
  return found.every(([, size]) => typeof size === "number" && size > 0 && size < 100)
    ? (Object.fromEntries(found) as Record<string, number>)
    : undefined;
}
