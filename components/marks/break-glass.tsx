import { Siren } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import type { BreakGlassState } from "#lib/domain/decision/second-review.ts";

const WORDS: Record<BreakGlassState, string> = {
  waiting: "Break-glass waiting",
  review_due: "Break-glass, second review due",
  upheld: "Break-glass, upheld",
  objected: "Break-glass, objected to",
};

/** One lead decided, or means to decide, alone: an icon and words before the colour. */
export function BreakGlassMark({ state, short }: { state?: BreakGlassState; short?: boolean }) {
  const words = state ? WORDS[state] : "Break-glass";
  return (
    <Badge
      tone="danger"
      title={words}
      icon={<Siren className="size-3" strokeWidth={2} aria-hidden />}
    >
      {short && words !== "Break-glass" ? (
        <>
          <span aria-hidden>Break-glass</span>
          <span className="sr-only">{words}</span>
        </>
      ) : (
        words
      )}
    </Badge>
  );
}
