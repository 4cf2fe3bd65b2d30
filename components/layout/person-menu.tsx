"use client";

import { CircleUserRound, LogOut, Monitor, Moon, Rows3, Rows4, Sun } from "lucide-react";
import { Menu, MenuChoice, MenuItem, MenuLink, MenuSeparator } from "#components/ui/menu.tsx";
import { Avatar, ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { toast } from "#components/ui/toast.ts";
import { usePreferences } from "#components/ui/use-preferences.tsx";
import type { Role } from "#lib/domain/people/permissions.ts";

const ICON = { className: "size-4 text-dim", strokeWidth: 1.5, "aria-hidden": true } as const;

export function PersonMenu({ person }: { person: { name: string; role: Role } }) {
  const { theme, density, setTheme, setDensity } = usePreferences();
  return (
    <Menu
      align="end"
      className="w-56"
      trigger={
        <button
          type="button"
          className="rounded-full data-popup-open:ring-2 data-popup-open:ring-accent"
        >
          <span aria-hidden>
            <Avatar name={person.name} size="md" />
          </span>
          <span className="sr-only">
            {person.name}, {ROLE_WORDS[person.role]}: menu
          </span>
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-1">
        <p className="truncate font-medium">{person.name}</p>
        <p className="text-2xs text-faint">{ROLE_WORDS[person.role]}</p>
      </div>
      <MenuSeparator />
      <MenuLink href="/account" icon={<CircleUserRound {...ICON} />}>
        Account
      </MenuLink>
      <MenuSeparator />
      <MenuChoice
        label="Theme"
        value={theme}
        stays
        onChange={setTheme}
        options={[
          { value: "dark", label: "Dark", mark: <Moon {...ICON} /> },
          { value: "light", label: "Light", mark: <Sun {...ICON} /> },
          { value: "system", label: "System", mark: <Monitor {...ICON} /> },
        ]}
      />
      <MenuChoice
        label="Density"
        value={density}
        stays
        onChange={setDensity}
        options={[
          { value: "dense", label: "Dense", mark: <Rows4 {...ICON} /> },
          { value: "comfortable", label: "Comfortable", mark: <Rows3 {...ICON} /> },
        ]}
      />
      <MenuSeparator />
      <MenuItem icon={<LogOut {...ICON} />} onSelect={() => void leave()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}

/** Who leaves waits for the code that no other screen needs. */
async function leave(): Promise<void> {
  try {
    const { signOut } = await import("next-auth/react");
    await signOut({ callbackUrl: "/sign-in" });
  } catch {
    toast.failed("You are still signed in", {
      detail: "The server could not be reached; sign out once there is a connection again.",
    });
  }
}
