"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useNow } from "#components/ui/clock.tsx";
import { cx } from "#components/ui/cx.ts";
import { spanWords } from "#components/ui/time-words.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { sealOptions } from "#lib/browser/desk-data.ts";
import type { SealView } from "#lib/contracts/views.ts";

/** A checkpoint follows new entries within a minute or two; far longer means that the signer is not working. */
const LATE_MS = 5 * 60_000;

/** How long ago the trail was last sealed by a signed checkpoint, and how much of it is newer. */
export function SealState({ linked }: { linked: boolean }) {
  const { data, isError } = useQuery(sealOptions());
  const now = useNow(1000);
  const { words, hint } = sealWords(data, isError, now);
  const late = useLate(data) || (isError && !data);
  const inside = (
    <>
      <SealGlyph className={cx("size-4", late ? "text-warn" : "text-ok")} />
      <span className="hidden whitespace-nowrap tabular-nums sm:inline">{words}</span>
      <span className="sr-only sm:hidden">{words}</span>
    </>
  );
  const look = "inline-flex items-center gap-1.5 rounded-control px-1 text-xs text-dim";
  return (
    <Tooltip content={hint}>
      {linked ? (
        <Link href="/trail" className={cx(look, "hover:text-text")}>
          {inside}
        </Link>
      ) : (
        <span className={look}>{inside}</span>
      )}
    </Tooltip>
  );
}

/** Whether entries have been waiting for the same checkpoint for too long, as seen from here. */
function useLate(seal: SealView | undefined): boolean {
  const [late, setLate] = useState(false);
  const waitingAfter = seal && seal.size > seal.sealedSize ? seal.sealedSize : null;
  useEffect(() => {
    if (waitingAfter === null) return undefined;
    const timer = setTimeout(() => setLate(true), LATE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [waitingAfter]);
  return late;
}

function sealWords(seal: SealView | undefined, failed: boolean, now: number) {
  if (failed && !seal)
    return { words: "seal unknown", hint: "The server did not say when the trail was sealed." };
  if (!seal) return { words: "sealed …", hint: "Asking when the trail was last sealed." };
  const newer = seal.size - seal.sealedSize;
  if (!seal.sealedAt) {
    return {
      words: "not sealed yet",
      hint: `${seal.size.toLocaleString("en")} entries on the trail, no signed checkpoint yet.`,
    };
  }
  const age = now - Date.parse(seal.sealedAt);
  return {
    words: `sealed ${spanWords(age)} ago`,
    hint: `${seal.sealedSize.toLocaleString("en")} trail entries are under a signed checkpoint${newer > 0 ? `, ${newer.toLocaleString("en")} newer ones are not yet` : ""}.`,
  };
}
