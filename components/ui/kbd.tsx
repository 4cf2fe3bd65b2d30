import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** A key to press, as it stands on the keyboard. */
export function Kbd({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <kbd
      className={cx(
        "inline-flex h-4 min-w-4 items-center justify-center rounded-[3px] border border-current/25 px-1",
        "font-sans text-[10.5px] leading-none font-medium",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
