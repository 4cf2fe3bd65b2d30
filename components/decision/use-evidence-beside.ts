import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { evidenceOptions } from "#lib/browser/incident-data.ts";
import type { CitedRecordView } from "#lib/contracts/review-views.ts";
import type { ClaimView } from "#lib/contracts/views.ts";
import { citedRecords } from "#lib/domain/decision/cited-records.ts";
import type { CitedRecord } from "#lib/domain/decision/cited-records.ts";

export type EvidenceBeside = {
  /** In the order of the claims. */
  cited: readonly CitedRecord[];
  /** The record that stands beside the statement now. */
  at: CitedRecord | null;
  openedCount: number;
  isOpened: (evidenceId: string) => boolean;
  openedByOthers: (evidenceId: string) => readonly string[];
  open: (record: CitedRecord) => void;
  step: (by: 1 | -1) => void;
  /** Opens the next record that the reader has not; null when there is none. */
  openMissing: (() => void) | null;
  markOpened: (evidenceId: string) => void;
  close: () => void;
};

type Input = {
  personId: string;
  claims: readonly ClaimView[];
  records: readonly CitedRecordView[];
};

/** Which of the cited records is open beside the statement, and which the reader and the signers have opened. */
export function useEvidenceBeside({ personId, claims, records }: Input): EvidenceBeside {
  const cited = useMemo(() => citedRecords(claims), [claims]);
  const [at, setAt] = useState<CitedRecord | null>(null);
  const [justOpened, setJustOpened] = useState<ReadonlySet<string>>(new Set());
  const openedBy = useMemo(
    () => new Map(records.map(({ evidenceId, opened }) => [evidenceId, opened])),
    [records],
  );
  const isOpened = (id: string) =>
    justOpened.has(id) ||
    (openedBy.get(id)?.some((opening) => opening.personId === personId) ?? false);
  const place = cited.findIndex(({ evidenceId }) => evidenceId === at?.evidenceId);
  const step = (by: 1 | -1) => {
    const from = place < 0 ? (by > 0 ? -1 : 0) : place;
    const next = cited[(from + by + cited.length) % cited.length];
    if (next) setAt(next);
  };
  const missing = [...cited.slice(place + 1), ...cited.slice(0, place + 1)].find(
    ({ evidenceId }) => !isOpened(evidenceId),
  );
  const markOpened = useCallback(
    (id: string) => setJustOpened((before) => new Set(before).add(id)),
    [],
  );
  return {
    cited,
    at,
    openedCount: cited.filter(({ evidenceId }) => isOpened(evidenceId)).length,
    isOpened,
    openedByOthers: (id) =>
      (openedBy.get(id) ?? []).flatMap((one) => (one.personId === personId ? [] : [one.name])),
    open: setAt,
    step,
    openMissing: missing ? () => setAt(missing) : null,
    markOpened,
    close: () => setAt(null),
  };
}

/**
 * Counts a record as opened once the server has answered for it, which keeps the opening before it answers. A copy
 * that this tab already holds is asked for again unless the server knows of the opening.
 */
export function useOpening(incidentId: string, evidenceId: string, beside: EvidenceBeside): void {
  const { markOpened } = beside;
  const known = beside.isOpened(evidenceId);
  const { isSuccess, isFetching } = useQuery({
    ...evidenceOptions(incidentId, evidenceId),
    staleTime: known ? Number.POSITIVE_INFINITY : 0,
  });
  useEffect(() => {
    if (!known && isSuccess && !isFetching) markOpened(evidenceId);
  }, [known, isSuccess, isFetching, markOpened, evidenceId]);
}

/** Moves the focus to what was opened, and back to the citation when it is closed. */
export function useFocusBeside(at: CitedRecord | null) {
  const panel = useRef<HTMLDivElement>(null);
  const last = useRef<string | null>(null);
  const id = at && `${at.claimId} ${at.evidenceId}`;
  useEffect(() => {
    if (id === last.current) return;
    if (id) panel.current?.focus();
    else document.querySelector<HTMLElement>(`[data-cites="${last.current}"]`)?.focus();
    last.current = id;
  }, [id]);
  return panel;
}
