import { cx } from "./cx.ts";

/** `INC-000123` with its digits aligned and its prefix quiet; the hyphen keeps its own width. */
export function IncidentNumber({ number, className }: { number: string; className?: string }) {
  const cut = number.indexOf("-") + 1;
  return (
    <span className={cx("whitespace-nowrap", className)}>
      <span className="text-faint">{number.slice(0, cut)}</span>
      <span className="tabular-nums">{number.slice(cut)}</span>
    </span>
  );
}
