import type { ReactNode } from "react";
import { cx } from "#components/ui/cx.ts";

type Props = {
  glyph: ReactNode;
  name: string;
  /** The word beside the shape; without it the shape carries the name. Or the classes by which the word comes and goes. */
  word: boolean | string;
  className?: string;
};

/** Shape, word and colour, in that order of importance. */
export function ShapeMark({ glyph, name, word, className }: Props) {
  return (
    <span
      className={cx("inline-flex shrink-0 items-center gap-1.5 whitespace-nowrap", className)}
      title={word === true ? undefined : name}
    >
      {glyph}
      <span className={typeof word === "string" ? word : word ? undefined : "sr-only"}>{name}</span>
    </span>
  );
}

type GlyphProps = { children: ReactNode; className?: string; strokeWidth?: string };

/** A shape of sixteen by sixteen in the colour of the text. */
export function ShapeGlyph({ children, className, strokeWidth }: GlyphProps) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 16 16"
      className={cx("size-4 shrink-0", className)}
      fill="none"
      stroke={strokeWidth ? "currentColor" : undefined}
      strokeWidth={strokeWidth}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}
