"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { Count } from "./badge.tsx";
import { cx } from "./cx.ts";

type TabsProps = {
  value: string;
  onValueChange: (value: string) => void;
  className?: string;
  children: ReactNode;
};

export function Tabs({ value, onValueChange, className, children }: TabsProps) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => onValueChange(String(next))}
      className={className}
    >
      {children}
    </Base.Root>
  );
}

/** The row of tabs; arrow keys move, Enter or Space chooses. `end` stands at the right edge. */
export function TabList({
  label,
  end,
  className,
  children,
}: {
  label: string;
  end?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={cx("flex h-9 shrink-0 items-center border-b px-2", className)}>
      <Base.List aria-label={label} className="flex h-full min-w-0 flex-1 items-center gap-1">
        {children}
      </Base.List>
      {end}
    </div>
  );
}

export function Tab({
  value,
  count,
  children,
}: {
  value: string;
  count?: number;
  children: ReactNode;
}) {
  return (
    <Base.Tab
      value={value}
      className={cx(
        "relative flex h-full items-center gap-1.5 px-2 text-sm text-dim transition-colors hover:text-text",
        "after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:bg-transparent",
        "data-active:text-text data-active:after:bg-accent",
      )}
    >
      {children}
      {count === undefined ? null : <Count value={count} />}
    </Base.Tab>
  );
}

export function TabPanel({
  value,
  keepMounted,
  className,
  children,
}: {
  value: string;
  keepMounted?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Base.Panel
      value={value}
      keepMounted={keepMounted}
      className={cx("min-h-0 outline-offset-[-2px]", className)}
    >
      {children}
    </Base.Panel>
  );
}
