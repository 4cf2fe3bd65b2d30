"use client";

import { createContext, useContext, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import {
  DENSITY_COOKIE,
  densityOf,
  THEME_COOKIE,
  themeOf,
  ZONE_COOKIE,
  zoneOf,
} from "./preferences.ts";
import type { Density, Theme } from "./preferences.ts";

type Preferences = {
  theme: Theme;
  density: Density;
  /** The zone of the times on the screen; null is UTC. */
  zone: string | null;
};

const FirstPaint = createContext<Preferences>({ theme: "dark", density: "dense", zone: null });
let current: Preferences | null = null;
const listeners = new Set<() => void>();

/** What the server read from the cookies, so that the first paint in the browser agrees with it. */
export function PreferencesProvider({
  value,
  children,
}: {
  value: Preferences;
  children: ReactNode;
}) {
  return <FirstPaint value={value}>{children}</FirstPaint>;
}

/** The looks as they stand on the document, and how to change them; a change is kept for a year. */
export function usePreferences(): Preferences & {
  setTheme: (theme: Theme) => void;
  setDensity: (density: Density) => void;
  /** Times in the zone of this machine, or in UTC. */
  setLocal: (local: boolean) => void;
} {
  const first = useContext(FirstPaint);
  const preferences = useSyncExternalStore(subscribe, read, () => first);
  return {
    ...preferences,
    setTheme: (theme) => change({ ...read(), theme }),
    setDensity: (density) => change({ ...read(), density }),
    setLocal: (local) => change({ ...read(), zone: local ? zoneHere() : null }),
  };
}

/** Height in px of one row of the queue and the thread: `--row` in globals.css. */
export function rowHeight(density: Density): number {
  return density === "comfortable" ? 40 : 32;
}

/** What the theme comes to on this machine, which may change its mind. */
export function useLook(): "dark" | "light" {
  const { theme } = usePreferences();
  const asked = useSyncExternalStore<"dark" | "light">(
    onMachineLook,
    () => (machineLook().matches ? "light" : "dark"),
    () => "dark",
  );
  return theme === "system" ? asked : theme;
}

function machineLook(): MediaQueryList {
  return window.matchMedia("(prefers-color-scheme: light)");
}

function onMachineLook(listener: () => void): () => void {
  const look = machineLook();
  look.addEventListener("change", listener);
  return () => look.removeEventListener("change", listener);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): Preferences {
  const { theme, density, zone } = document.documentElement.dataset;
  current ??= { theme: themeOf(theme), density: densityOf(density), zone: zoneOf(zone) };
  return current;
}

function zoneHere(): string | null {
  return zoneOf(Intl.DateTimeFormat().resolvedOptions().timeZone);
}

function change(next: Preferences) {
  current = next;
  document.documentElement.dataset.theme = next.theme;
  document.documentElement.dataset.density = next.density;
  document.documentElement.dataset.zone = next.zone ?? "utc";
  keep(THEME_COOKIE, next.theme);
  keep(DENSITY_COOKIE, next.density);
  keep(ZONE_COOKIE, encodeURIComponent(next.zone ?? "utc"));
  for (const listener of listeners) listener();
}

function keep(name: string, value: string) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
