import type { ReactNode } from "react";
import { LiveUpdates } from "#lib/browser/live-updates.tsx";
import type { Role } from "#lib/domain/people/permissions.ts";
import { AppHeader } from "./app-header.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { GoingBar } from "./going-bar.tsx";
import { KeysEverywhere } from "./keys-everywhere.tsx";
import { NavRail } from "./nav-rail.tsx";
import { ShellFrame } from "./shell-frame.tsx";

type Props = { person: { id: string; name: string; role: Role }; children: ReactNode };

/** The frame of every signed-in screen: rail, header, and one region that scrolls by itself. */
export function Shell({ person, children }: Props) {
  return (
    <ShellFrame>
      <a
        href="#main"
        className="float absolute top-2 left-2 z-50 -translate-y-24 px-3 py-1.5 text-sm focus:translate-y-0"
      >
        Skip to the content
      </a>
      <GoingBar />
      <NavRail role={person.role} />
      <div className="flex min-w-0 flex-1 flex-col">
        <AppHeader person={person} />
        <ConnectionBanner />
        <main
          id="main"
          tabIndex={-1}
          className="relative flex min-h-0 flex-1 flex-col outline-none"
        >
          {children}
        </main>
      </div>
      <KeysEverywhere />
      <LiveUpdates />
    </ShellFrame>
  );
}
