import { CircleSlash, ShieldCheck } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "#components/ui/cx.ts";

export type Reason = { code: string; sentence: string };

type ReasonsProps = {
  title: string;
  reasons: readonly Reason[];
  /** Not said by itself when it changes, because something else on the screen says it. */
  quiet?: boolean;
};

/** Every reason a rule said no, in sentences; never only the first. */
export function Reasons({ title, reasons, quiet = false }: ReasonsProps) {
  return (
    <div
      role={quiet ? "note" : "alert"}
      className="rounded-control border border-danger/40 bg-danger/8 px-3 py-2"
    >
      <p className="flex items-center gap-1.5 text-sm font-medium">
        <CircleSlash className="size-4 text-danger" strokeWidth={1.5} aria-hidden />
        {title}
      </p>
      <ReasonList reasons={reasons} className="mt-1 gap-0.5 pl-[22px] text-sm marker:text-faint" />
    </div>
  );
}

export function ReasonList({
  reasons,
  className,
}: {
  reasons: readonly Reason[];
  className: string;
}) {
  return (
    <ul className={cx("flex flex-col", className)}>
      {reasons.map((reason) => (
        <li key={reason.code + reason.sentence} data-reason={reason.code} className="list-disc">
          {reason.sentence}
        </li>
      ))}
    </ul>
  );
}

/** What the policy asks for when it permits the proposal. */
export function Permitted({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-start gap-1.5 rounded-control border px-3 py-2 text-sm text-dim">
      <ShieldCheck className="mt-0.5 size-4 shrink-0 text-ok" strokeWidth={1.5} aria-hidden />
      <span>{children}</span>
    </p>
  );
}
