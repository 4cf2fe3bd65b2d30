import { cx } from "./cx.ts";

/** A quiet turning arc; decorative, so the element around it must say what is happening. */
export function Spinner({ className }: { className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      className={cx("size-3.5 shrink-0 animate-spin", className)}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
    >
      <path d="M8 2.2a5.8 5.8 0 1 1-5.8 5.8" />
    </svg>
  );
}
