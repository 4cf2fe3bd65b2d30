/** Looks a person chose, kept in cookies so that the first paint is already right and needs no script. */
export const THEMES = ["dark", "light", "system"] as const;
/** "system" is whichever the machine asks for, and follows it. */
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ["dense", "comfortable"] as const;
export type Density = (typeof DENSITIES)[number];

export const THEME_COOKIE = "countersign.theme";
export const DENSITY_COOKIE = "countersign.density";

/** The time zone that times are shown in, by its IANA name; "utc" where none was chosen. */
export const ZONE_COOKIE = "countersign.zone";

/** The zone in the cookie where this machine knows it; null is UTC. */
export function zoneOf(value: string | undefined): string | null {
  const zone = decoded(value);
  if (!/^[A-Za-z][\w+/-]{1,63}$/.test(zone) || zone === "utc") return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

function decoded(value: string | undefined): string {
  try {
    return decodeURIComponent(value ?? "");
  } catch {
    return "";
  }
}

export function themeOf(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? "dark";
}

export function densityOf(value: string | undefined): Density {
  return value === "comfortable" ? "comfortable" : "dense";
}
