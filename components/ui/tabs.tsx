"use client";

import { createContext, use, useId, useMemo } from "react";
import type { ReactNode } from "react";
import { Count } from "./badge.tsx";
import { cx } from "./cx.ts";
import { moveAlong } from "./roving.ts";

type TabsProps = {
  value: string;
  onValueChange: (value: string) => void;
  className?: string;
  children: ReactNode;
};

type Chosen = { value: string; onChoose: (value: string) => void; id: string };

const ChosenTab = createContext<Chosen | null>(null);

function useChosenTab(): Chosen {
  const chosen = use(ChosenTab);
  if (!chosen) throw new Error("A tab stands outside of its tabs.");
  return chosen;
}

/** Parts of a screen of which one is shown at a time, after the ARIA pattern for tabs that are chosen by hand. */
export function Tabs({ value, onValueChange, className, children }: TabsProps) {
  const id = useId();
  const chosen = useMemo(
    () => ({ value, onChoose: onValueChange, id }),
    [value, onValueChange, id],
  );
  return (
    <ChosenTab value={chosen}>
      <div className={className}>{children}</div>
    </ChosenTab>
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
      <div
        role="tablist"
        aria-label={label}
        className="flex h-full min-w-0 flex-1 items-center gap-1"
      >
        {children}
      </div>
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
  const { value: shown, onChoose, id } = useChosenTab();
  const active = shown === value;
  return (
    <button
      type="button"
      role="tab"
      id={`${id}tab-${value}`}
      aria-selected={active}
      aria-controls={active ? `${id}panel-${value}` : undefined}
      tabIndex={active ? 0 : -1}
      onKeyDown={moveAlong}
      onClick={() => {
        if (!active) onChoose(value);
      }}
      className={cx(
        "relative flex h-full items-center gap-1.5 px-2 text-sm text-dim transition-colors hover:text-text",
        "after:absolute after:inset-x-2 after:-bottom-px after:h-0.5 after:bg-transparent",
        "aria-selected:text-text aria-selected:after:bg-accent",
      )}
    >
      {children}
      {count === undefined ? null : <Count value={count} />}
    </button>
  );
}

/** What a tab shows; it is there while it is shown. */
export function TabPanel({
  value,
  className,
  children,
}: {
  value: string;
  className?: string;
  children: ReactNode;
}) {
  const { value: shown, id } = useChosenTab();
  if (shown !== value) return null;
  return (
    <div
      role="tabpanel"
      id={`${id}panel-${value}`}
      aria-labelledby={`${id}tab-${value}`}
      tabIndex={0}
      className={cx("min-h-0 outline-offset-[-2px]", className)}
    >
      {children}
    </div>
  );
}
