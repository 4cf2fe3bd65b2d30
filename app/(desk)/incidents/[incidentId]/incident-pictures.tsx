"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { later } from "#components/ui/later.tsx";
import { LoadingNote } from "#components/ui/skeleton.tsx";
import type { SummaryView } from "#lib/contracts/views.ts";
import type { WorkspaceProps } from "./incident-workspace.tsx";
import type { Place } from "./use-place.ts";
import type { useReading } from "./use-reading.ts";

/** Loaded when it is looked at. */
const PicturesPane = later(
  dynamic(async () => (await import("#components/pictures/pictures-pane.tsx")).PicturesPane, {
    loading: () => <LoadingNote>Loading the pictures</LoadingNote>,
    ssr: false,
  }),
);

type Props = Pick<WorkspaceProps, "head" | "summaries"> & {
  place: Place;
  reading: ReturnType<typeof useReading>;
};

/** The pictures, with the claim in hand marked in them. */
export function IncidentPictures({ head, summaries, place, reading }: Props) {
  const { claim, picture } = place.place;
  const cited = useMemo(() => citedBy(summaries, claim), [summaries, claim]);
  const origins = useMemo(
    () =>
      new Map(
        summaries.flatMap(({ origin, generator, claims }) =>
          claims.map(({ id }) => [id, origin === "rules" ? "the rules" : generator] as const),
        ),
      ),
    [summaries],
  );
  return (
    <PicturesPane
      incidentId={head.id}
      look={picture}
      onLook={(look) => void place.setPlace({ picture: look })}
      cited={cited}
      origins={origins}
      onShowWhere={reading.showWhere}
      onFind={(q) => place.setFilter({ q })}
      onOpenRecord={reading.openRecord}
    />
  );
}

/** Positions of the records that a claim cites. */
function citedBy(summaries: readonly SummaryView[], claimId: string | null): Set<number> {
  const claim = summaries.flatMap(({ claims }) => claims).find(({ id }) => id === claimId);
  return new Set(claim?.citations.map(({ label }) => Number(label.slice(1))));
}
