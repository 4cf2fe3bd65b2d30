import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

type EmptyStateProps = {
  icon?: ReactNode;
  title: string;
  /** What the place is for and the one thing to do. */
  children?: ReactNode;
  action?: ReactNode;
  /** `h1` where it is the whole page. */
  heading?: "h1" | "h2";
  /** Aligned with the text around it instead of centred in its place. */
  flush?: boolean;
};

export function EmptyState({
  icon,
  title,
  children,
  action,
  heading: Heading = "h2",
  flush,
}: EmptyStateProps) {
  return (
    <div
      className={cx(
        "flex max-w-[560px] flex-col items-start gap-3",
        flush ? "py-8" : "mx-auto px-6 py-14",
      )}
    >
      {icon ? <span className="text-faint [&>svg]:size-5">{icon}</span> : null}
      <div className="flex flex-col gap-1">
        <Heading className="text-lg font-semibold">{title}</Heading>
        {children ? <div className="text-dim">{children}</div> : null}
      </div>
      {action}
    </div>
  );
}

type ErrorStateProps = {
  /** What happened. */
  title: string;
  /** What is safe. */
  safe?: ReactNode;
  /** What to do: usually a button. */
  action?: ReactNode;
  /** A reference for whoever looks into it. */
  reference?: string;
  /** `h1` where it is the whole page. */
  heading?: "h1" | "h2";
  /** Aligned with the text around it instead of centred in its place. */
  flush?: boolean;
};

export function ErrorState({
  title,
  safe,
  action,
  reference,
  heading: Heading = "h2",
  flush,
}: ErrorStateProps) {
  return (
    <div
      role="alert"
      className={cx(
        "flex max-w-[560px] flex-col items-start gap-3",
        flush ? "py-8" : "mx-auto px-6 py-14",
      )}
    >
      <TriangleAlert className="size-5 text-warn" strokeWidth={1.5} aria-hidden />
      <div className="flex flex-col gap-1">
        <Heading className="text-lg font-semibold">{title}</Heading>
        {safe ? <div className="text-dim">{safe}</div> : null}
      </div>
      {action}
      {reference ? <p className="record text-faint">Reference {reference}</p> : null}
    </div>
  );
}

type NoticeProps = {
  tone?: "info" | "warn" | "danger" | "ok";
  icon?: ReactNode;
  action?: ReactNode;
  className?: string;
  children: ReactNode;
};

const NOTICE = {
  info: "border-info/40 bg-info/8",
  warn: "border-warn/40 bg-warn/8",
  danger: "border-danger/40 bg-danger/8",
  ok: "border-ok/40 bg-ok/8",
};

/** A sentence that belongs to the screen, not to a moment: stale, merged, refused. */
export function Notice({ tone = "info", icon, action, className, children }: NoticeProps) {
  return (
    <div
      className={cx(
        "flex items-start gap-2 rounded-control border px-2.5 py-1.5 text-sm",
        NOTICE[tone],
        className,
      )}
    >
      {icon}
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
