"use client";

import Link from "next/link";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { toast } from "#components/ui/toast.ts";
import { stopAutomation } from "#lib/actions/automation.ts";
import type { AutomationPageView, AutomationStopView } from "#lib/contracts/automation-views.ts";
import { incidentTypeWords, stopWords } from "#lib/domain/decision/automation-words.ts";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import type { IncidentType } from "#lib/domain/decision/policy.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { AutomationLift } from "./automation-lift.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Props = { page: AutomationPageView; mayStop: boolean; mayLift: boolean; role: Role };

/** What is stopped: everywhere, by type, by incident. Anybody of the desk stops; a lead or an admin lifts. */
export function AutomationStops({ page, mayStop, mayLift, role }: Props) {
  const [lifting, setLifting] = useState<AutomationStopView | null>(null);
  return (
    <section aria-labelledby="stops" className="flex flex-col gap-3">
      <h2 id="stops" className="text-lg font-semibold">
        Stops
      </h2>
      {page.stops.length === 0 ? (
        <p className="text-dim">
          Nothing is stopped. An incident whose evidence reads like orders, or of whose claims too
          many do not hold, is stopped by itself and stands here.
        </p>
      ) : (
        <div className="overflow-x-auto border-t">
          <DataTable aria-label="Stops">
            <thead>
              <tr>
                <Th className="pl-0">Where</Th>
                <Th>Why</Th>
                <Th>By</Th>
                <Th>Since</Th>
                <Th className="pr-0">
                  <span className="sr-only">Act</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {page.stops.map((stop) => (
                <Tr key={stop.id}>
                  <Td className="pl-0 whitespace-nowrap">
                    <Where stop={stop} role={role} />
                  </Td>
                  <Td className="min-w-48 py-1.5">
                    <HostileText text={stop.reason} />
                  </Td>
                  <Td className="whitespace-nowrap">
                    {stop.by ? <PersonChip name={stop.by.name} role={stop.by.role} /> : "By itself"}
                  </Td>
                  <Td className="text-dim">
                    <RelativeTime at={stop.at} />
                  </Td>
                  <Td className="pr-0 text-right">
                    {mayLift ? (
                      <Button size="sm" onClick={() => setLifting(stop)}>
                        Lift
                      </Button>
                    ) : null}
                  </Td>
                </Tr>
              ))}
            </tbody>
          </DataTable>
        </div>
      )}
      {page.stopCount > page.stops.length ? (
        <p className="text-xs text-dim">
          {(page.stopCount - page.stops.length).toLocaleString("en")} older stops of incidents are
          not listed; each stands in its incident.
        </p>
      ) : null}
      {mayStop ? <StopType /> : null}
      {lifting ? <AutomationLift stop={lifting} onClose={() => setLifting(null)} /> : null}
    </section>
  );
}

function Where({ stop, role }: { stop: AutomationStopView; role: Role }) {
  const words = stopWords({ ...stop, number: stop.incident?.number ?? null });
  if (!stop.incident || !may(role, "incident:read")) return words;
  return (
    <Link
      href={`/incidents/${stop.incident.id}`}
      className="text-accent underline-offset-2 hover:underline"
    >
      {words}
    </Link>
  );
}

const TYPES = INCIDENT_TYPES.map((value) => {
  const words = incidentTypeWords(value);
  return { value, label: words.charAt(0).toUpperCase() + words.slice(1) };
});

function StopType() {
  const [type, setType] = useState<IncidentType | null>(null);
  const act = useAsking();
  const press = async (incidentType: IncidentType) => {
    const answer = await act.ask(() =>
      stopAutomation({
        scope: "incident_type",
        incidentType,
        reason: "Stopped for this type by hand.",
      }),
    );
    if (!answer?.ok) return;
    setType(null);
    toast.done("Stopped for incidents of this type");
  };
  return (
    <form
      aria-label="Stop a type of incident"
      className="flex max-w-[420px] flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (type) void press(type);
      }}
    >
      <Refused reasons={act.refusal} />
      <div className="flex items-end gap-2">
        <SelectField
          label="Stop for one type of incident"
          value={type}
          options={TYPES}
          placeholder="Choose a type"
          onChange={setType}
        />
        <Button type="submit" tone="danger" pending={act.pending} aria-disabled={type === null}>
          Stop this type
        </Button>
      </div>
    </form>
  );
}
