"use client";

import { HostileText } from "#components/marks/hostile-text.tsx";
import type { Piece } from "./check-words.ts";
import { useSummaryLinks } from "./summary-links.tsx";

/** A sentence about evidence: what records and claims say as records, labels as the way to their record. */
export function Pieces({ pieces }: { pieces: readonly Piece[] }) {
  return pieces.map((piece, index) => <Stretch key={index} piece={piece} />);
}

function Stretch({ piece }: { piece: Piece }) {
  switch (piece.as) {
    case "words":
      return <HostileText text={piece.text} />;
    case "label":
      return <LabelButton label={piece.text} />;
    case "record":
      return (
        <span className="record text-text">
          <HostileText
            text={piece.text}
            marks={
              piece.differs
                ? [{ start: piece.differs[0], end: piece.differs[1], tone: "differs" }]
                : undefined
            }
          />
        </span>
      );
  }
}

/** `E12`: opens the record it names. */
export function LabelButton({ label }: { label: string }) {
  const { onOpenLabel } = useSummaryLinks();
  return (
    <button
      type="button"
      aria-label={`Open ${label}`}
      onClick={() => onOpenLabel(label)}
      className="record text-accent underline-offset-2 hover:underline"
    >
      {label}
    </button>
  );
}
