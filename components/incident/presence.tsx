"use client";

import { useQuery } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import { useEffect } from "react";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Button } from "#components/ui/button.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { leavePresence, presenceOptions } from "#lib/browser/presence-data.ts";
import { presentNames, presentWords } from "./presence-words.ts";

/** Who else has this incident open; while it is shown, the others see this reader too. */
export function Presence({ incidentId }: { incidentId: string }) {
  const { data: others = [] } = useQuery(presenceOptions(incidentId));
  useEffect(() => {
    const leave = () => leavePresence(incidentId);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [incidentId]);
  return (
    <>
      <output className="sr-only">
        {others.length > 0 ? `${presentWords(others.length)}: ${presentNames(others)}` : ""}
      </output>
      {others.length > 0 ? (
        <Popover
          title="Has this incident open"
          align="end"
          trigger={
            <Button tone="quiet" icon={<Eye className="size-3.5" strokeWidth={1.5} aria-hidden />}>
              {presentWords(others.length)}
            </Button>
          }
        >
          <ul aria-label="Here now" className="flex flex-col gap-1.5">
            {others.map(({ id, name, role, since }) => (
              <li key={id} className="flex items-center justify-between gap-4 text-sm">
                <PersonChip name={name} role={role} />
                <span className="text-xs text-dim">
                  {role === "auditor" ? "reads along, " : ""}since <RelativeTime at={since} />
                </span>
              </li>
            ))}
          </ul>
        </Popover>
      ) : null}
    </>
  );
}
