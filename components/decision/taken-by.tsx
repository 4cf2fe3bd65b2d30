import { Eye } from "lucide-react";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { TakeView } from "#lib/contracts/inbox.ts";

/** Who is looking at a decision, in words; nothing when nobody has taken it. */
export function TakenBy({ take, personId }: { take: TakeView | null; personId: string }) {
  if (!take) return null;
  return (
    <span className="inline-flex items-center gap-1 text-xs text-dim">
      <Eye className="size-3.5" strokeWidth={1.5} aria-hidden />
      Taken by {take.person.id === personId ? "you" : take.person.name} until{" "}
      <ExactTime at={take.until} />
    </span>
  );
}
