"use client";

import { useState, useSyncExternalStore } from "react";
import { Button } from "#components/ui/button.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { Notice } from "#components/ui/states.tsx";
import { dropDraft, keepDraft, readDraft } from "./kept-draft.ts";
import type { DraftPlace, KeptDraft } from "./kept-draft.ts";

const never = () => () => undefined;

/** Whether a draft was kept when the browser took the page over; as a key it lets the form begin anew with it, once. */
export function useHadDraft<T>(place: DraftPlace<T>): boolean {
  const isThere = useTakenOver();
  const [had, setHad] = useState<boolean | null>(null);
  if (isThere && had === null) setHad(readDraft(window.sessionStorage, place) !== null);
  return had === true;
}

/** Whether this runs in a browser that took the page over; what it stored can be read only then. */
function useTakenOver(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

export type Draft<T> = {
  value: T;
  change: (next: T) => void;
  /** What was kept of an earlier page; null: nothing, or it was discarded. */
  restored: KeptDraft<T> | null;
  /** The version it began with; null: there was none. */
  began: number | null;
  discard: () => void;
  /** It was sent: nothing is kept of it. */
  drop: () => void;
};

/** A draft that outlives a reload. Read once, when the form begins (`useHadDraft`). */
export function useKeptDraft<T>(
  place: DraftPlace<T>,
  { base, begin }: { base: number | null; begin: () => T },
): Draft<T> {
  const isThere = useTakenOver();
  const [restored, setRestored] = useState(() =>
    isThere ? readDraft(window.sessionStorage, place) : null,
  );
  const [value, setValue] = useState(() => restored?.value ?? begin());
  // the page may learn of another version while the draft is written
  const [began, setBegan] = useState(restored === null ? base : restored.base);
  return {
    value,
    restored,
    began,
    change: (next) => {
      setValue(next);
      const at = new Date().toISOString();
      keepDraft(window.sessionStorage, place, { at, base: began, value: next });
    },
    discard: () => {
      dropDraft(window.sessionStorage, place);
      setRestored(null);
      setBegan(base);
      setValue(begin());
    },
    drop: () => dropDraft(window.sessionStorage, place),
  };
}

type RestoredProps = {
  draft: Pick<Draft<unknown>, "restored" | "began" | "discard">;
  base: number | null;
};

/** Says that a draft was taken up again, and when it began with something else than is in force. */
export function RestoredDraft({ draft: { restored, began, discard }, base }: RestoredProps) {
  const isOld = began !== base;
  if (restored === null && !isOld) return null;
  return (
    <Notice tone={isOld ? "warn" : "ok"}>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>
          {restored === null ? null : (
            <>
              Draft of <ExactTime at={restored.at} /> restored.{" "}
            </>
          )}
          {isOld
            ? `The draft began with ${versionWords(began)}; now ${versionWords(base)} is in force. Read it against that before you go on.`
            : ""}
        </span>
        <Button size="sm" onClick={discard}>
          Discard
        </Button>
      </span>
    </Notice>
  );
}

function versionWords(version: number | null): string {
  return version === null ? "no version" : `version ${version}`;
}
