import type { ReactNode } from "react";
import { amount } from "./amount.ts";
import { cx } from "./cx.ts";

export type BadgeTone = "neutral" | "accent" | "model" | "ok" | "warn" | "danger" | "info";

const TONES: Record<BadgeTone, string> = {
  neutral: "text-dim",
  accent: "text-accent",
  model: "text-model",
  ok: "text-ok",
  warn: "text-warn",
  danger: "text-danger",
  info: "text-info",
};

type Props = {
  tone?: BadgeTone;
  icon?: ReactNode;
  title?: string;
  className?: string;
  children: ReactNode;
};

/** A small fact about a thing: a word in a hairline, its colour only where it carries meaning. */
export function Badge({ tone = "neutral", icon, title, className, children }: Props) {
  return (
    <span
      title={title}
      className={cx(
        "inline-flex h-[18px] shrink-0 items-center gap-1 rounded-control border border-current/30 px-1.5",
        "text-2xs font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}

type CountProps = {
  value: number;
  /** Where counting stops being worth its cost; shown as "9,999+". */
  max?: number;
  className?: string;
};

/** A number beside a name; screen readers hear it after the name. */
export function Count({ value, max = 10_000, className }: CountProps) {
  const words = amount(value >= max ? max - 1 : value);
  return (
    <span className={cx("text-2xs text-faint tabular-nums", className)}>
      {words}
      {value >= max ? "+" : ""}
    </span>
  );
}
