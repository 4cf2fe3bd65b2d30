"use client";

import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import { moveAlong } from "./roving.ts";

type Props<T extends string> = {
  label: string;
  value: T;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
  onChange: (value: T) => void;
  className?: string;
};

/** One of two or three looks at the same thing; always exactly one is pressed. */
export function Segmented<T extends string>(props: Props<T>) {
  const { label, value, options, onChange, className } = props;
  return (
    <div
      role="group"
      aria-label={label}
      className={cx(
        "inline-flex h-7 items-center rounded-control border bg-sunken p-0.5",
        className,
      )}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onKeyDown={moveAlong}
          onClick={() => {
            if (option.value !== value) onChange(option.value);
          }}
          className="inline-flex h-full items-center gap-1.5 rounded-[3px] px-2 text-xs text-dim transition-colors hover:text-text aria-pressed:bg-raised aria-pressed:text-text aria-pressed:shadow-[0_0_0_1px_var(--line)]"
        >
          {option.icon}
          {option.label}
        </button>
      ))}
    </div>
  );
}
