import { CircleCheck, CircleDashed, Minus } from "lucide-react";
import type { RequirementLine } from "./requirement-lines.ts";

/** What the policy asks of this decision, and what of it is still missing. */
export function ReviewNeeds({
  version,
  lines,
}: {
  version: number;
  lines: readonly RequirementLine[];
}) {
  return (
    <section aria-label="What the policy asks" className="flex flex-col gap-2 border-t pt-4">
      <h2 className="text-xs font-medium text-dim">What policy {version} asks here</h2>
      <ul className="flex flex-col gap-1">
        {lines.map(({ words, met }) => (
          <li key={words} className="flex items-start gap-2 text-sm">
            <Met met={met} />
            <span className={met === null ? "text-dim" : undefined}>{words}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

const LOOK = "mt-0.5 size-4 shrink-0";

function Met({ met }: { met: boolean | null }) {
  if (met === null) return <Minus className={`${LOOK} text-faint`} strokeWidth={1.5} aria-hidden />;
  const Glyph = met ? CircleCheck : CircleDashed;
  return (
    <>
      <Glyph className={`${LOOK} ${met ? "text-ok" : "text-warn"}`} strokeWidth={1.5} aria-hidden />
      <span className="sr-only">{met ? "Met:" : "Missing:"}</span>
    </>
  );
}
