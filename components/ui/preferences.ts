/** Looks a person chose, kept in cookies so that the first paint is already right and needs no script. */
export const THEMES = ["dark", "light"] as const;
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ["dense", "comfortable"] as const;
export type Density = (typeof DENSITIES)[number];

export const THEME_COOKIE = "countersign.theme";
export const DENSITY_COOKIE = "countersign.density";

export function themeOf(value: string | undefined): Theme {
  return value === "light" ? "light" : "dark";
}

export function densityOf(value: string | undefined): Density {
  return value === "comfortable" ? "comfortable" : "dense";
}
