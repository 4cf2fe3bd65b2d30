"use client";

import { Monitor, Moon, Rows3, Rows4, Sun } from "lucide-react";
import { Segmented } from "#components/ui/segmented.tsx";
import { usePreferences } from "#components/ui/use-preferences.tsx";

const ICON = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;

/** Theme and density of this browser. */
export function Looks() {
  const { theme, density, setTheme, setDensity } = usePreferences();
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-3">
      <div className="flex items-center gap-3">
        <span className="text-dim">Theme</span>
        <Segmented
          label="Theme"
          value={theme}
          onChange={setTheme}
          options={[
            { value: "dark", label: "Dark", icon: <Moon {...ICON} /> },
            { value: "light", label: "Light", icon: <Sun {...ICON} /> },
            { value: "system", label: "System", icon: <Monitor {...ICON} /> },
          ]}
        />
      </div>
      <div className="flex items-center gap-3">
        <span className="text-dim">Density</span>
        <Segmented
          label="Density"
          value={density}
          onChange={setDensity}
          options={[
            { value: "dense", label: "Dense", icon: <Rows4 {...ICON} /> },
            { value: "comfortable", label: "Comfortable", icon: <Rows3 {...ICON} /> },
          ]}
        />
      </div>
    </div>
  );
}
