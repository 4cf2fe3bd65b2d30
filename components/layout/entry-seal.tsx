"use client";

import { useQuery } from "@tanstack/react-query";
import { SealGlyph } from "#components/marks/voices.tsx";
import { sealOptions } from "#lib/browser/desk-data.ts";

type Props = {
  seq: number;
  /** The first checkpoint that covers it, as it was when the page was made. */
  checkpoint: number | null;
};

/** Whether an entry of the trail stands under a signed checkpoint; it turns from pending to sealed by itself. */
export function EntrySeal({ seq, checkpoint }: Props) {
  const { data } = useQuery(sealOptions());
  const covering = checkpoint ?? (data && data.sealedSize > seq ? data.sealedSize : null);
  const entry = `entry ${seq.toLocaleString("en")}`;
  return (
    <span className="inline-flex items-center gap-1 whitespace-nowrap">
      <SealGlyph className={covering === null ? "size-3.5 text-faint" : "size-3.5 text-ok"} />
      {covering === null
        ? `${entry}, not sealed yet`
        : `${entry}, sealed in checkpoint ${covering.toLocaleString("en")}`}
    </span>
  );
}
