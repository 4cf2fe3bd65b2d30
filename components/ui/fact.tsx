import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** A list of names and what stands behind them, for the settings of a thing or what was measured of it. */
export function Facts({ label, children }: { label: string; children: ReactNode }) {
  return (
    <dl aria-label={label} className="flex flex-col">
      {children}
    </dl>
  );
}

export function Fact({
  name,
  title,
  record,
  children,
}: {
  name: string;
  /** What the name means, for whoever points at it. */
  title?: string;
  /** Written by a machine: monospace. */
  record?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="grid grid-cols-[128px_minmax(0,1fr)] items-baseline gap-x-3 border-b border-line/60 py-1 text-xs last:border-b-0">
      <dt className="text-faint" title={title}>
        {name}
      </dt>
      <dd className={cx("min-w-0 wrap-anywhere", record && "record")}>{children}</dd>
    </div>
  );
}
