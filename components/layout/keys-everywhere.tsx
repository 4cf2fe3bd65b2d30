"use client";

import { useKeys } from "#components/ui/use-keys.ts";
import { toast } from "#components/ui/toast.ts";
import { useLook, usePreferences } from "#components/ui/use-preferences.tsx";

/** What every screen's keys can do besides their own. */
export function KeysEverywhere() {
  const { density, zone, setTheme, setDensity, setLocal } = usePreferences();
  const look = useLook();
  useKeys([
    { key: "z", what: "Undo what a message offers to undo", run: () => toast.undo() },
    {
      key: "u",
      what: zone === null ? "Show times in your own zone" : "Show times in UTC",
      run: () => setLocal(zone === null),
    },
    {
      key: "v",
      what: density === "dense" ? "Comfortable rows" : "Dense rows",
      run: () => setDensity(density === "dense" ? "comfortable" : "dense"),
    },
    {
      key: "T",
      shown: "⇧ t",
      what: look === "dark" ? "Light theme" : "Dark theme",
      run: () => setTheme(look === "dark" ? "light" : "dark"),
    },
  ]);
  return null;
}
