"use client";

import Link from "next/link";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { Badge } from "#components/ui/badge.tsx";
import type { BulkMember } from "#lib/contracts/bulk-views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";

const ROW_HEIGHT = 44;
const ROWS_SHOWN = 6;

type Member = BulkMember & {
  reasons?: readonly { code: string; sentence: string }[];
  changed?: boolean;
};

/** Incidents of one closure; only the rows in view are in the document, each says its place among all. */
export function BulkMembers({
  label,
  members,
  tall,
}: {
  label: string;
  members: readonly Member[];
  /** Takes the height it is given instead of six rows. */
  tall?: boolean;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: members.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => members[index]?.id ?? index,
    overscan: 6,
    initialRect: { width: 600, height: 264 },
  });
  const height = Math.min(members.length, tall ? 4 * ROWS_SHOWN : ROWS_SHOWN) * ROW_HEIGHT;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-xs font-medium text-dim">
        {label}: {members.length}
      </p>
      <div
        ref={scroller}
        role="region"
        aria-label={label}
        tabIndex={0}
        className="overflow-y-auto rounded-control border"
        style={{ height }}
      >
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const member = members[item.index];
            if (!member) return null;
            return (
              <li
                key={item.key}
                aria-setsize={members.length}
                aria-posinset={item.index + 1}
                className="absolute inset-x-0 top-0 flex items-center gap-2 border-b border-line/60 px-2.5 text-sm"
                style={{ height: ROW_HEIGHT, transform: `translateY(${item.start}px)` }}
              >
                <Row member={member} />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

function Row({ member }: { member: Member }) {
  const { number, title, severity, unsettledClaims, reasons = [], changed } = member;
  return (
    <>
      <SeverityMark severity={severity} word={false} />
      <Link
        href={`/incidents/${number}`}
        target="_blank"
        className="record shrink-0 text-xs underline underline-offset-2 hover:text-accent"
      >
        {number}
      </Link>
      <span className="min-w-0 flex-1">
        <span className="block truncate">
          <HostileText text={title} />
        </span>
        {reasons.length > 0 ? (
          <span className="block truncate text-2xs text-dim">
            {reasons.map(({ sentence }) => sentence).join(" ")}
          </span>
        ) : null}
      </span>
      {unsettledClaims.length > 0 ? (
        <Badge
          tone="warn"
          title={unsettledClaims
            .map(({ text }) => visibleText(text))
            .join("\n")
            .slice(0, 1000)}
        >
          {unsettledClaims.length === 1
            ? "1 claim unsettled"
            : `${unsettledClaims.length} claims unsettled`}
        </Badge>
      ) : null}
      {changed ? <Badge tone="danger">Changed since</Badge> : null}
    </>
  );
}
