"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { TrailFilter } from "#lib/browser/desk-data.ts";
import type { TrailChoices } from "#lib/contracts/trail-views.ts";
import { ExportDialog } from "./export-dialog.tsx";
import { draftOfFilter } from "./export-draft.ts";

const ICON = <Download className="size-3.5" strokeWidth={1.5} aria-hidden />;

/** Takes what is searched for away: one incident's lines at once, anything else as an export. */
export function TrailExport({ filter, choices }: { filter: TrailFilter; choices: TrailChoices }) {
  const [isAsking, setAsking] = useState(false);
  const file = `trail-${filter.incident}.jsonl`;
  return (
    <>
      {filter.incident ? (
        <a
          href={`/api/incidents/${filter.incident}/trail`}
          download={file}
          className="text-xs text-dim underline hover:text-accent"
        >
          Download {file}
        </a>
      ) : null}
      <Button icon={ICON} onClick={() => setAsking(true)}>
        Export
      </Button>
      {isAsking ? (
        <ExportDialog
          {...draftOfFilter(filter)}
          choices={choices}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
}
