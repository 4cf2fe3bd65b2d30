"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { endTourAction } from "#lib/actions/saved-views.ts";
import { deskKeys, savedViewsOptions } from "#lib/browser/desk-data.ts";
import { reached } from "#lib/browser/reached.ts";
import type { SavedViews } from "#lib/contracts/saved-views.ts";

type Stop = { title: string; words: string; keys: readonly string[]; at: string | null };

/** What somebody who comes for the first time needs; `at` is what the stop is about on the screen. */
const STOPS: readonly Stop[] = [
  {
    title: "What is next",
    words: "The queue is in order of urgency. Walk it, and open what the cursor rests on.",
    keys: ["j", "k", "↵"],
    at: '[role="table"][aria-label="Incidents"]',
  },
  {
    title: "Views",
    words: "Go to what is yours or nobody's yet. Narrow it, and save what you come back to.",
    keys: ["b", "⇧ b"],
    at: 'nav[aria-label="Views"]',
  },
  {
    title: "One line narrows it",
    words: "Severity, host, user, source, age: words with a colon. The menu beside it writes them.",
    keys: ["/"],
    at: 'input[aria-label="Filter incidents"]',
  },
  {
    title: "Every claim has its evidence",
    words:
      "In an incident, each claim says whether it matches the evidence, and opens the records it rests on; this key goes from one to the next. The model suggests; you decide, and sign.",
    keys: ["⇧ j"],
    at: null,
  },
  {
    title: "Everything by keyboard",
    words: "One key lists the keys of a screen, another finds any incident, place or act.",
    keys: ["?", "Ctrl K"],
    at: null,
  },
];

/** Offers itself once to whoever never saw it, in the flow of the page, and covers nothing. */
export function Tour() {
  const cache = useQueryClient();
  const { data } = useQuery(savedViewsOptions());
  const [at, setAt] = useState<number | null>(null);
  if (!data || data.tourEnded) return null;
  const end = () => {
    cache.setQueryData<SavedViews>(deskKeys.views, (known) =>
      known ? { ...known, tourEnded: true } : known,
    );
    // It offers itself again where the answer never came, and no harm is done.
    void reached(endTourAction({}));
  };
  const stop = at === null ? undefined : STOPS[at];
  return (
    <section
      aria-label="Tour"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-sunken px-4 py-1.5 text-sm print:hidden"
    >
      {stop && at !== null ? (
        <Stand key={at} stop={stop} at={at} onGo={setAt} onEnd={end} />
      ) : (
        <>
          <span className="min-w-0 flex-1 text-dim">
            New here? Five stops show where things are.
          </span>
          <Button size="sm" onClick={() => setAt(0)}>
            Take the tour
          </Button>
          <Button size="sm" tone="quiet" onClick={end}>
            Skip it
          </Button>
        </>
      )}
    </section>
  );
}

type StandProps = {
  stop: Stop;
  at: number;
  onGo: (at: number) => void;
  onEnd: () => void;
};

function Stand({ stop, at, onGo, onEnd }: StandProps) {
  const nextRef = useRef<HTMLButtonElement>(null);
  const last = at === STOPS.length - 1;
  useEffect(() => nextRef.current?.focus(), []);
  useRing(stop.at);
  return (
    <>
      <p role="status" className="min-w-0 flex-1">
        <span className="mr-2 text-xs text-dim tabular-nums">
          {at + 1} of {STOPS.length}
        </span>
        <span className="font-medium">{stop.title}.</span>{" "}
        <span className="text-dim">{stop.words}</span>{" "}
        {stop.keys.map((key) => (
          <Kbd key={key} className="mr-1">
            {key}
          </Kbd>
        ))}
      </p>
      {at > 0 ? (
        <Button size="sm" tone="quiet" onClick={() => onGo(at - 1)}>
          Back
        </Button>
      ) : null}
      {last ? null : (
        <Button size="sm" tone="quiet" onClick={onEnd}>
          Skip the rest
        </Button>
      )}
      <Button
        ref={nextRef}
        size="sm"
        tone="primary"
        onClick={() => (last ? onEnd() : onGo(at + 1))}
      >
        {last ? "Done" : "Next"}
      </Button>
    </>
  );
}

/** A line around what the stop is about, as long as it is the stop. */
function useRing(selector: string | null) {
  useEffect(() => {
    const place = selector === null ? null : document.querySelector<HTMLElement>(selector);
    place?.setAttribute("data-tour", "");
    return () => place?.removeAttribute("data-tour");
  }, [selector]);
}
