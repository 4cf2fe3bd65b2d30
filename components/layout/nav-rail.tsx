"use client";

import { useQuery } from "@tanstack/react-query";
import {
  Archive,
  Bot,
  Cable,
  CircleUserRound,
  Cog,
  FileCheck2,
  Flag,
  Gavel,
  Inbox,
  KeyRound,
  Layers,
  ListTree,
  PackageOpen,
  Plug,
  Scale,
  ScrollText,
  Siren,
  Stamp,
} from "lucide-react";
import { usePathname } from "next/navigation";
import type { ComponentType } from "react";
import { cx } from "#components/ui/cx.ts";
import { ReadyLink } from "#components/ui/ready-link.tsx";
import { countsOptions } from "#lib/browser/desk-data.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Permission, Role } from "#lib/domain/people/permissions.ts";
import { Mark } from "./mark.tsx";

type Place = {
  name: string;
  /** As much of the name as the rail has room for. */
  short?: string;
  href: string;
  permission: Permission;
  /** Opens the place too, for those who see a part of it. */
  orPermission?: Permission;
  icon: ComponentType<{ className?: string; strokeWidth?: number }>;
};

/** Where one can go, as the rail and the palette show it. */
export const PLACES: readonly Place[] = [
  { name: "Desk", href: "/incidents", permission: "incident:read", icon: Inbox },
  { name: "To sign", href: "/inbox", permission: "decision:sign", icon: Stamp },
  { name: "Records", href: "/records", permission: "incident:read", icon: Layers },
  {
    name: "Runs",
    href: "/runs",
    permission: "run:read",
    orPermission: "model:read",
    icon: ListTree,
  },
  { name: "Review", href: "/review", permission: "review:read", icon: Gavel },
  { name: "Reports", href: "/reports", permission: "report:read", icon: Flag },
  {
    name: "Second reviews",
    short: "Second",
    href: "/second-reviews",
    permission: "second_review:read",
    icon: Siren,
  },
  { name: "Trail", href: "/trail", permission: "trail:read", icon: ScrollText },
  { name: "Exports", href: "/exports", permission: "trail:export", icon: PackageOpen },
  { name: "Verifier", href: "/verifier", permission: "incident:read", icon: FileCheck2 },
  { name: "Policy", href: "/settings/policy", permission: "policy:read", icon: Scale },
  { name: "Sources", href: "/sources", permission: "source:read", icon: Cable },
  { name: "Respond", href: "/responders", permission: "responder:read", icon: Plug },
  { name: "Auto", href: "/automation", permission: "automation:read", icon: Cog },
  { name: "Retain", href: "/retention", permission: "retention:read", icon: Archive },
  { name: "Models", href: "/models", permission: "model:read", icon: Bot },
  { name: "Passkeys", href: "/passkeys", permission: "passkey:oversee", icon: KeyRound },
];
/** Reached from the policy; the rail has no room for it. */
export const CLOCKS: Place = {
  name: "Service clocks",
  href: "/settings/clocks",
  permission: "policy:read",
  icon: Scale,
};
/** Reached from the tasks of an incident, and from the policy. */
export const PLAYBOOKS: Place = {
  name: "Playbooks",
  href: "/settings/playbooks",
  permission: "playbook:read",
  icon: Scale,
};
export const ACCOUNT: Place = {
  name: "Account",
  href: "/account",
  permission: "session:end",
  icon: CircleUserRound,
};

const AUDIT_ROOM = /^\/incidents\/[^/]+\/(?:replay|decisions\/[^/]+\/reasons)(?:\/|$)/;

export function NavRail({ role }: { role: Role }) {
  return (
    <nav
      aria-label="Places"
      className="flex w-14 shrink-0 flex-col items-stretch border-r bg-surface group-data-bare/shell:hidden"
    >
      <ReadyLink
        href="/"
        aria-label="Countersign, home"
        className="flex h-12 shrink-0 items-center justify-center border-b text-text outline-offset-[-3px]"
      >
        <Mark className="size-5" />
      </ReadyLink>
      <div className="relative min-h-0 flex-1">
        <ul className="flex h-full scroll-py-4 [scrollbar-width:none] flex-col gap-0.5 overflow-y-auto pt-1.5 pb-4">
          {PLACES.filter((place) => opens(role, place)).map((place) => (
            <li key={place.name}>
              <RailLink place={place} role={role} />
            </li>
          ))}
        </ul>
        {/* where the window is too low, what is below fades */}
        <span
          aria-hidden
          className="pointer-events-none absolute inset-x-0 bottom-0 h-4 bg-linear-to-t from-surface to-transparent"
        />
      </div>
      <div className="pb-1.5">
        <RailLink place={ACCOUNT} role={role} />
      </div>
    </nav>
  );
}

/** Who lifts stops and sees incidents: leads. */
function isLead(role: Role): boolean {
  return may(role, "automation:lift") && may(role, "incident:read");
}

export function opens(role: Role, { permission, orPermission }: Place): boolean {
  return may(role, permission) || (orPermission !== undefined && may(role, orPermission));
}

function RailLink({ place, role }: { place: Place; role: Role }) {
  const here = useIsHere(place);
  const Icon = place.icon;
  return (
    <ReadyLink
      href={place.href}
      aria-current={here ? "page" : undefined}
      aria-label={place.short ? place.name : undefined}
      className={cx(
        "relative mx-1 flex h-12 flex-col [@media(max-height:54rem)]:h-10 items-center justify-center gap-0.5 rounded-control text-2xs transition-colors",
        here ? "bg-selected text-text" : "text-dim hover:bg-hover hover:text-text",
      )}
    >
      <Icon className="size-4" strokeWidth={1.5} aria-hidden />
      {place.short ?? place.name}
      {place.href === "/inbox" ? <ToSignCount /> : null}
      {place.name === "Auto" && isLead(role) ? <IsolatedCount /> : null}
    </ReadyLink>
  );
}

function ToSignCount() {
  const { data } = useQuery(countsOptions());
  return <CountOf count={data?.toSign} words="waiting for your signature" tone="bg-accent-solid" />;
}

/** The notice to whoever answers for it: it comes with the act, wherever they are. */
function IsolatedCount() {
  const { data } = useQuery(countsOptions());
  return (
    <CountOf
      count={data?.isolated}
      words="isolated by itself within 24 hours"
      tone="bg-danger-solid"
    />
  );
}

type CountProps = { count: number | undefined; words: string; tone: string };

function CountOf({ count, words, tone }: CountProps) {
  if (!count) return null;
  return (
    <span
      className={cx(
        "absolute top-1 right-1 flex h-3.5 min-w-3.5 items-center justify-center rounded-full px-1 text-[10px] leading-none font-semibold text-on-accent",
        tone,
      )}
    >
      {count > 99 ? "99+" : count}
      <span className="sr-only"> {words}</span>
    </span>
  );
}

function useIsHere(place: Place): boolean {
  const path = usePathname();
  // the audit room reads an incident under the incident's own address
  if (AUDIT_ROOM.test(path)) return place.href === "/trail";
  // what is reached from the policy stands under it
  if (path.startsWith(CLOCKS.href) || path.startsWith(PLAYBOOKS.href))
    return place.href === "/settings/policy";
  return path.startsWith(place.href);
}
