"use client";

import { useRouter } from "next/navigation";
import { ButtonLink } from "#components/ui/button.tsx";
import { KINDS_WITHOUT_INCIDENT, RUN_KINDS, RUN_STATES } from "#lib/domain/copilot/run.ts";
import type { RunKind, RunState } from "#lib/domain/copilot/run.ts";
import { RUN_KIND_WORDS, RUN_STATE_WORDS } from "#lib/domain/copilot/words.ts";
import { FilterSelect } from "#components/ui/filter-select.tsx";

/** As the address says it; `incident` is an incident's number. */
export type RunsFilter = {
  kind: RunKind | null;
  state: RunState | null;
  incident: string | null;
};

export function RunsFilters({
  filter,
  withIncidents,
}: {
  filter: RunsFilter;
  withIncidents: boolean;
}) {
  const router = useRouter();
  const go = (change: Partial<RunsFilter>) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filter, ...change }))
      if (value) search.set(name, value);
    router.replace(`/runs?${search}`);
  };
  const kinds = withIncidents ? RUN_KINDS : KINDS_WITHOUT_INCIDENT;
  return (
    <div className="flex flex-wrap items-center gap-2 pb-3">
      <div className="w-44">
        <FilterSelect
          label="What for"
          value={filter.kind}
          every={withIncidents ? "For incidents" : "For models"}
          words={kinds.map((kind) => [kind, RUN_KIND_WORDS[kind]])}
          onChange={(kind) => go({ kind })}
        />
      </div>
      <div className="w-48">
        <FilterSelect
          label="State"
          value={filter.state}
          every="In any state"
          words={RUN_STATES.map((state) => [state, RUN_STATE_WORDS[state]])}
          onChange={(state) => go({ state })}
        />
      </div>
      {filter.incident ? (
        <ButtonLink href="/runs" size="sm" tone="quiet">
          Only {filter.incident}: show all
        </ButtonLink>
      ) : null}
    </div>
  );
}
