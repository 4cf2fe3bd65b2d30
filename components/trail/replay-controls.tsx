"use client";

import { ChevronLeft, ChevronRight, ChevronsLeft, ChevronsRight } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import { useKeys } from "#components/ui/use-keys.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import type { ReplayPlace } from "#lib/contracts/replay-views.ts";

/** A slider over the incident's entries, and the steps from entry to entry and from decision to decision. */
export function ReplayControls({ at }: { at: ReplayPlace }) {
  const { place, shown, pending, go } = usePlaces(at);
  const last = at.count - 1;
  const { decisionBefore, decisionAfter } = at;
  useKeys([
    { key: "ArrowLeft", what: "Previous entry", run: () => go(place - 1) },
    { key: "ArrowRight", what: "Next entry", run: () => go(place + 1) },
    { key: "p", what: "Previous decision", run: () => go(decisionBefore) },
    { key: "n", what: "Next decision", run: () => go(decisionAfter) },
  ]);
  const icon = { className: "size-4", strokeWidth: 1.5, "aria-hidden": true } as const;
  return (
    <div className="flex items-center gap-1" aria-busy={pending}>
      <IconButton
        label="Previous decision"
        keys="p"
        disabled={decisionBefore === null}
        icon={<ChevronsLeft {...icon} />}
        onClick={() => go(decisionBefore)}
      />
      <IconButton
        label="Previous entry"
        keys="Left"
        disabled={shown === 0}
        icon={<ChevronLeft {...icon} />}
        onClick={() => go(shown - 1)}
      />
      <input
        type="range"
        min={0}
        max={last}
        value={shown}
        aria-label="Entry of this incident"
        aria-valuetext={`Entry ${shown + 1} of ${at.count}${pending ? "" : `, ${utcWords(at.at)}: ${visibleText(`${at.actorName} ${at.sentence}`)}`}`}
        onChange={(event) => go(Number(event.target.value))}
        className="h-7 min-w-24 flex-1 accent-accent"
      />
      <IconButton
        label="Next entry"
        keys="Right"
        disabled={shown === last}
        icon={<ChevronRight {...icon} />}
        onClick={() => go(shown + 1)}
      />
      <IconButton
        label="Next decision"
        keys="n"
        disabled={decisionAfter === null}
        icon={<ChevronsRight {...icon} />}
        onClick={() => go(decisionAfter)}
      />
      <output className="w-32 text-right text-xs text-dim tabular-nums">
        Entry {shown + 1} of {at.count.toLocaleString("en")}
      </output>
      <CopyButton
        value={() => `${window.location.origin}${window.location.pathname}?at=${at.seq}`}
        what="link to this moment"
      />
    </div>
  );
}

/** Where the person is going is shown at once; what it was like there follows when it is read. */
function usePlaces(at: ReplayPlace) {
  const router = useRouter();
  const path = usePathname();
  const [pending, startTransition] = useTransition();
  const [asked, setAsked] = useState(at.place);
  const shown = pending ? asked : at.place;
  const go = (to: number | null) => {
    if (to === null || to < 0 || to >= at.count || to === shown) return;
    setAsked(to);
    startTransition(() => router.replace(`${path}?place=${to}`, { scroll: false }));
  };
  return { place: shown, shown, pending, go };
}
