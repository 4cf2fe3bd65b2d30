"use client";

import { useQuery } from "@tanstack/react-query";
import { createElement, useEffect, useState } from "react";
import type { ComponentProps, ReactNode } from "react";
import { flushSync } from "react-dom";
import { soon } from "#components/ui/later.tsx";
import { citedOptions, incidentPageOptions } from "#lib/browser/incident-data.ts";
import type { IncidentPageView, PersonView } from "#lib/contracts/views.ts";
import type { IncidentPaper } from "./incident-paper.tsx";

type Props = { page: IncidentPageView; person: PersonView; children: ReactNode };

/** An incident's screen; on paper, a document of it. It stands in the page only while it is printed. */
export function PrintedIncident({ page, person, children }: Props) {
  const draw = usePaper();
  const printing = usePrinting();
  const printedAt = draw ? printing : null;
  const shown = useQuery(incidentPageOptions(page.head.id)).data ?? page;
  // There is no time to ask for it once the print dialog opens.
  const cited = useQuery(citedOptions(page.head.id)).data ?? [];
  return (
    <>
      <div className="contents" data-screen={printedAt === null ? undefined : ""}>
        {children}
      </div>
      {printedAt === null ? null : draw?.({ page: shown, cited, person, printedAt })}
    </>
  );
}

type Draw = (props: ComponentProps<typeof IncidentPaper>) => ReactNode;

/** Draws the document, once its script has come; until then the screen itself is what is printed. */
function usePaper(): Draw | null {
  const [draw, setDraw] = useState<Draw | null>(null);
  useEffect(() => {
    soon(async () => {
      const part = await import("./incident-paper.tsx");
      setDraw(() => (props: Parameters<Draw>[0]) => createElement(part.IncidentPaper, props));
    });
  }, []);
  return draw;
}

/** When printing began, ISO 8601; null while nothing is printed. */
function usePrinting(): string | null {
  const [at, setAt] = useState<string | null>(null);
  useEffect(() => {
    const media = window.matchMedia("print");
    // Before the browser lays the pages out, so not in its own time.
    const begin = () => flushSync(() => setAt((known) => known ?? new Date().toISOString()));
    const end = () => setAt(null);
    const onChange = () => (media.matches ? begin() : end());
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    media.addEventListener("change", onChange);
    return () => {
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
      media.removeEventListener("change", onChange);
    };
  }, []);
  return at;
}
