import { cx } from "./cx.ts";

/** A place held for what comes; give it the geometry of the content. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cx("block animate-pulse rounded-control bg-hover", className)} />
  );
}

/** Says once, to those who cannot see the shapes, that something is loading. */
export function LoadingNote({ children = "Loading" }: { children?: string }) {
  return <output className="sr-only">{children}</output>;
}
