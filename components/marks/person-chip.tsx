import type { Role } from "#lib/domain/people/permissions.ts";
import { cx } from "#components/ui/cx.ts";

export const ROLE_WORDS: Record<Role, string> = {
  analyst: "Analyst",
  lead: "Lead",
  auditor: "Auditor",
  admin: "Admin",
};

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? "?";
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** Initials on a disc; decorative, the name stands beside it or in the element around it. */
export function Avatar({
  name,
  size = "sm",
  className,
}: {
  name: string;
  size?: "sm" | "md";
  className?: string;
}) {
  return (
    <span
      aria-hidden
      className={cx(
        "inline-flex shrink-0 items-center justify-center rounded-full bg-accent/18 font-semibold text-accent select-none",
        size === "sm" ? "size-5 text-[9.5px]" : "size-7 text-2xs",
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  );
}

type Props = {
  name: string;
  role?: Role;
  /** Only the disc is seen; the name is still read out. */ compact?: boolean;
  className?: string;
};

export function PersonChip({ name, role, compact, className }: Props) {
  return (
    <span
      className={cx("inline-flex min-w-0 items-center gap-1.5", className)}
      title={compact ? name : undefined}
    >
      <Avatar name={name} />
      <span className={compact ? "sr-only" : "truncate"}>{name}</span>
      {role && !compact ? <span className="text-2xs text-faint">{ROLE_WORDS[role]}</span> : null}
    </span>
  );
}
