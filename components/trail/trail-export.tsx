"use client";

import { Download } from "lucide-react";
import { Button, buttonLook } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Popover } from "#components/ui/popover.tsx";
import { RecordText } from "#components/marks/voices.tsx";

const ICON = <Download className="size-3.5" strokeWidth={1.5} aria-hidden />;

/** Takes one incident's trail away as a file that verifies without us. */
export function TrailExport({ incident }: { incident: string }) {
  const file = `trail-${incident || "INC-000123"}.jsonl`;
  const command = `npm run verify -- ${file}`;
  return (
    <Popover
      align="end"
      title="Export an incident's trail"
      className="w-[400px]"
      trigger={<Button icon={ICON}>Export</Button>}
    >
      <div className="flex flex-col gap-3 text-sm">
        {incident ? (
          <a
            href={`/api/incidents/${incident}/trail`}
            download={file}
            className={`${buttonLook({ tone: "primary" })} self-start`}
          >
            {ICON}
            Download {file}
          </a>
        ) : (
          <p className="text-dim">
            Choose an incident first: write its number in the filter, or follow one from its page.
          </p>
        )}
        {incident && (
          <a
            href={`/api/incidents/${incident}/trail?format=csv`}
            download={`trail-${incident}.csv`}
            className="text-accent self-start text-xs underline"
          >
            Or as a table (CSV), for reading: it cannot be verified
          </a>
        )}
        <p className="text-dim">
          One JSON object a line: the exact line of the trail, its payload, salt and leaf hash. The
          export itself is recorded on the trail.
        </p>
        <div className="flex flex-col gap-1.5">
          <p className="text-xs font-medium">Check it without the database</p>
          <div className="flex items-center gap-2">
            <RecordText className="min-w-0 flex-1">{command}</RecordText>
            <CopyButton value={command} what="command" />
          </div>
          <p className="text-2xs text-faint">
            It checks sequence, chain and every hash, and needs nothing but Node.
          </p>
        </div>
      </div>
    </Popover>
  );
}
