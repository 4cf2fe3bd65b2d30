import { Download } from "lucide-react";
import { RecordText } from "#components/marks/voices.tsx";
import { buttonLook } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";

/** What shows an outsider that this entry is in the signed log, and how they check it. */
export function EntryProof({ seq, isSealed }: { seq: number; isSealed: boolean }) {
  if (!isSealed)
    return (
      <p className="text-xs text-dim">
        Its proof can be had once a checkpoint covers it, within a minute.
      </p>
    );
  const fileName = `entry-${seq}.tlog-proof`;
  const command = `npm run verify -- ${fileName} --log-key log.key.pub`;
  return (
    <div className="flex flex-col gap-1.5">
      <p className="max-w-prose text-xs text-dim">
        A proof is one file with this line, its way to the root and the signed checkpoint. Whoever
        has the log&rsquo;s key checks it without this desk and without the network; it does not
        hold the payload. The download is on the trail.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <a
          href={`/api/trail/${seq}/proof-with-line`}
          download={fileName}
          className={buttonLook({ size: "sm" })}
        >
          <Download className="size-3.5" strokeWidth={1.5} aria-hidden />
          Download proof
        </a>
        <RecordText className="min-w-0">{command}</RecordText>
        <CopyButton value={command} what="command" />
      </div>
    </div>
  );
}
