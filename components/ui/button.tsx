import Link from "next/link";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { Kbd } from "./kbd.tsx";
import { Spinner } from "./spinner.tsx";

export type ButtonTone = "default" | "primary" | "danger" | "quiet";
export type ButtonSize = "sm" | "md" | "lg";
type Look = { tone?: ButtonTone; size?: ButtonSize };
type Inside = { icon?: ReactNode; keys?: string };

const TONES: Record<ButtonTone, string> = {
  default: "border-line bg-raised text-text hover:bg-hover active:bg-selected",
  primary:
    "border-transparent bg-accent-solid text-on-accent hover:brightness-110 active:brightness-95",
  danger:
    "border-transparent bg-danger-solid text-on-accent hover:brightness-110 active:brightness-95",
  quiet:
    "border-transparent bg-transparent text-dim hover:bg-hover hover:text-text active:bg-selected",
};

const SIZES: Record<ButtonSize, string> = {
  sm: "h-6 gap-1.5 px-2 text-xs",
  md: "h-7 gap-1.5 px-2.5 text-sm",
  lg: "h-9 gap-2 px-3.5 text-sm",
};

/** The classes of a button, for elements that must be something else underneath. */
export function buttonLook({ tone = "default", size = "md" }: Look = {}): string {
  return cx(
    "inline-flex shrink-0 items-center justify-center rounded-control border font-medium",
    "whitespace-nowrap select-none transition-[background-color,filter,color]",
    "disabled:opacity-50 aria-disabled:opacity-50",
    TONES[tone],
    SIZES[size],
  );
}

export type ButtonProps = ComponentProps<"button"> & Look & Inside & { pending?: boolean };

/**
 * A button says the act ("Propose closure"). While `pending` it keeps its place and focus,
 * shows a spinner and ignores presses.
 */
export function Button(props: ButtonProps) {
  const { tone, size, icon, keys, pending = false, className, children, onClick, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={pending || rest["aria-disabled"] || undefined}
      aria-busy={pending || undefined}
      onClick={(event) => {
        if (pending || rest["aria-disabled"]) event.preventDefault();
        else onClick?.(event);
      }}
      className={cx(buttonLook({ tone, size }), className)}
    >
      {pending ? <Spinner /> : icon}
      {children}
      {keys ? <Kbd className="-mr-1 ml-0.5">{keys}</Kbd> : null}
    </button>
  );
}

export type ButtonLinkProps = ComponentProps<typeof Link> & Look & Inside;

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({
  tone,
  size,
  icon,
  keys,
  className,
  children,
  ...rest
}: ButtonLinkProps) {
  return (
    <Link {...rest} className={cx(buttonLook({ tone, size }), className)}>
      {icon}
      {children}
      {keys ? <Kbd className="-mr-1 ml-0.5">{keys}</Kbd> : null}
    </Link>
  );
}
