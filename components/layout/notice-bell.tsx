"use client";

import { useQuery } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import { ReadyLink } from "#components/ui/ready-link.tsx";
import { unreadOptions } from "#lib/browser/desk-data.ts";

/** Leads to the reader's notices and says how many of them are news. */
export function NoticeBell() {
  const { data } = useQuery(unreadOptions());
  const unread = data?.unread ?? 0;
  const count = unread > 99 ? "99+" : String(unread);
  return (
    <ReadyLink
      href="/notices"
      aria-label={unread === 0 ? "Notices" : `Notices, ${count} unread`}
      className="relative inline-flex size-8 items-center justify-center rounded-control text-dim hover:bg-hover hover:text-text"
    >
      <Bell className="size-4" strokeWidth={1.5} aria-hidden />
      {unread > 0 ? (
        <span
          aria-hidden
          className="absolute top-0 right-0 flex h-3.5 min-w-3.5 items-center justify-center rounded-full bg-accent-solid px-1 text-[10px] leading-none font-semibold text-on-accent"
        >
          {count}
        </span>
      ) : null}
    </ReadyLink>
  );
}
