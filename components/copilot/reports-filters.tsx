"use client";

import { useRouter } from "next/navigation";
import { SelectField } from "#components/ui/select.tsx";
import { reportsAddress } from "./reports-address.ts";
import { REPORT_KINDS, REPORT_KIND_WORDS } from "#lib/domain/copilot/report.ts";
import type { ReportKind } from "#lib/domain/copilot/report.ts";

/** As the address says it. */
export type ReportsFilter = { state: "open" | "resolved" | null; kind: ReportKind | null };

const EVERY = "every";

export function ReportsFilters({ filter }: { filter: ReportsFilter }) {
  const router = useRouter();
  const go = (change: Partial<ReportsFilter>) =>
    router.replace(reportsAddress({ ...filter, ...change }, null));
  return (
    <div className="flex flex-wrap items-center gap-2 pb-3">
      <div className="w-40">
        <SelectField
          label="State"
          labelHidden
          value={filter.state ?? EVERY}
          options={[
            { value: EVERY, label: "Open and settled" },
            { value: "open", label: "Open" },
            { value: "resolved", label: "Settled" },
          ]}
          onChange={(state) =>
            go({ state: state === EVERY ? null : (state as ReportsFilter["state"]) })
          }
        />
      </div>
      <div className="w-56">
        <SelectField
          label="What is the matter"
          labelHidden
          value={filter.kind ?? EVERY}
          options={[
            { value: EVERY, label: "Whatever the matter" },
            ...REPORT_KINDS.map((kind) => ({ value: kind, label: REPORT_KIND_WORDS[kind] })),
          ]}
          onChange={(kind) => go({ kind: kind === EVERY ? null : (kind as ReportKind) })}
        />
      </div>
    </div>
  );
}
