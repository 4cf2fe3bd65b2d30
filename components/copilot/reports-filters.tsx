"use client";

import { useRouter } from "next/navigation";
import { REPORT_KINDS, REPORT_KIND_WORDS } from "#lib/domain/copilot/report.ts";
import type { ReportKind } from "#lib/domain/copilot/report.ts";
import { FilterSelect } from "#components/ui/filter-select.tsx";
import { reportsAddress } from "./reports-address.ts";

/** As the address says it. */
export type ReportsFilter = { state: "open" | "resolved" | null; kind: ReportKind | null };

export function ReportsFilters({ filter }: { filter: ReportsFilter }) {
  const router = useRouter();
  const go = (change: Partial<ReportsFilter>) =>
    router.replace(reportsAddress({ ...filter, ...change }, null));
  return (
    <div className="flex flex-wrap items-center gap-2 pb-3">
      <div className="w-40">
        <FilterSelect
          label="State"
          value={filter.state}
          every="Open and settled"
          words={[
            ["open", "Open"],
            ["resolved", "Settled"],
          ]}
          onChange={(state) => go({ state })}
        />
      </div>
      <div className="w-56">
        <FilterSelect
          label="What is the matter"
          value={filter.kind}
          every="Whatever the matter"
          words={REPORT_KINDS.map((kind) => [kind, REPORT_KIND_WORDS[kind]])}
          onChange={(kind) => go({ kind })}
        />
      </div>
    </div>
  );
}
