"use client";

import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Spinner } from "./spinner.tsx";
import { Tooltip } from "./tooltip.tsx";

export type IconButtonProps = Omit<ComponentProps<"button">, "aria-label" | "children"> & {
  /** The accessible name and the hint. */
  label: string;
  icon: ReactNode;
  keys?: string;
  pressed?: boolean;
  pending?: boolean;
  size?: "sm" | "md";
  side?: "top" | "bottom" | "left" | "right";
};

export function IconButton(props: IconButtonProps) {
  const { label, icon, keys, pressed, pending, size = "md", side, className, ...rest } = props;
  return (
    <Tooltip content={label} keys={keys} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        aria-busy={pending || undefined}
        className={cx(
          "inline-flex shrink-0 items-center justify-center rounded-control text-dim transition-colors",
          "hover:bg-hover hover:text-text active:bg-selected disabled:opacity-50",
          "aria-pressed:bg-selected aria-pressed:text-text data-popup-open:bg-selected",
          size === "sm" ? "size-6" : "size-7",
          className,
        )}
      >
        {pending ? <Spinner /> : icon}
      </button>
    </Tooltip>
  );
}
