"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useNow } from "#components/ui/clock.tsx";
import { cx } from "#components/ui/cx.ts";
import { spanWords } from "#components/ui/time-words.ts";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { SealGlyph } from "#components/ui/voices.tsx";
import { sealOptions } from "#lib/browser/desk-data.ts";
import type { SealView } from "#lib/contracts/views.ts";

const LATE_MS = 5 * 60_000;

/** How long ago the trail was last sealed by a signed checkpoint, and how much of it is newer. */
export function SealState({ linked }: { linked: boolean }) {
  const { data, isError } = useQuery(sealOptions());
  const now = useNow(1000);
  const { words, hint, late } = sealWords(data, isError, now);
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

function sealWords(seal: SealView | undefined, failed: boolean, now: number) {
  if (failed && !seal) return { words: "seal unknown", hint: "The server did not say when the trail was sealed.", late: true };
  if (!seal) return { words: "sealed …", hint: "Asking when the trail was last sealed.", late: false };
  const newer = seal.size - seal.sealedSize;
  if (!seal.sealedAt) {
    return { words: "not sealed yet", hint: `${seal.size.toLocaleString("en")} entries on the trail, no signed checkpoint yet.`, late: true };
  }
  const age = now - Date.parse(seal.sealedAt);
  return {
    words: `sealed ${spanWords(age)} ago`,
    hint: `${seal.sealedSize.toLocaleString("en")} trail entries are under a signed checkpoint${newer > 0 ? `, ${newer.toLocaleString("en")} newer ones are not yet` : ""}.`,
    late: newer > 0 && age > LATE_MS,
  };
}
