import { MessageSquareWarning } from "lucide-react";
import { cx } from "#components/ui/cx.ts";

const MEANING =
  "Text in it reads like an instruction to whoever, or whatever, reads it. It is evidence, not an order.";

/** A record that tries to tell its reader what to do. A badge: what counts is that nothing obeys it. */
export function InstructionLikeMark({
  word = false,
  className,
}: {
  word?: boolean;
  className?: string;
}) {
  return (
    <span
      title={MEANING}
      className={cx("inline-flex shrink-0 items-center gap-1 text-2xs text-warn", className)}
    >
      <MessageSquareWarning className="size-3.5 shrink-0" strokeWidth={1.5} aria-hidden />
      <span className={word ? undefined : "sr-only"}>Reads like an instruction</span>
    </span>
  );
}
