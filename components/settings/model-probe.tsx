"use client";

import { CircleAlert, CircleCheck } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Spinner } from "#components/ui/spinner.tsx";
import { toast } from "#components/ui/toast.ts";
import { requestProbe } from "#lib/actions/request-probe.ts";
import type { ProbeView } from "#lib/contracts/copilot-views.ts";
import { useAsking } from "./use-asking.ts";

type Props = { configId: string; probe: ProbeView | null; mayManage: boolean };

/** What was asked of the server to see whether it can do the work, and what came back. */
export function ModelProbe({ configId, probe, mayManage }: Props) {
  const act = useAsking();
  const again = async () => {
    const answer = await act.ask(() => requestProbe({ configId, idem: crypto.randomUUID() }));
    if (answer && !answer.ok)
      toast.failed("The probe was not asked for", { detail: answer.message });
  };
  return (
    <section aria-labelledby="probe" className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-4">
        <div>
          <h2 id="probe" className="text-lg font-semibold">
            Probe
          </h2>
          <p className="text-xs text-dim">
            One small request with made-up evidence: does it read what it is sent, and does it
            answer in the form asked for? No incident is in it.
          </p>
        </div>
        {mayManage ? (
          <Button pending={act.pending} disabled={probe?.ok === null} onClick={() => void again()}>
            Probe again
          </Button>
        ) : null}
      </div>
      {probe ? <Findings probe={probe} /> : <p className="text-dim">It was not probed yet.</p>}
    </section>
  );
}

function Findings({ probe }: { probe: ProbeView }) {
  return (
    <div className="flex flex-col gap-2">
      <p className="flex items-center gap-2 text-xs text-dim" role="status">
        {probe.ok === null ? <Spinner /> : null}
        {probe.ok === null
          ? probe.state === "queued"
            ? "The probe waits for its turn."
            : "The probe runs."
          : probe.ok
            ? "It came back well."
            : "Not everything came back as it should."}
        <RelativeTime at={probe.at} className="text-faint" />
        <Link
          href={`/runs/${probe.runId}`}
          className="text-accent underline-offset-2 hover:underline"
        >
          Request and answer
        </Link>
      </p>
      <ul aria-label="Findings of the probe" className="flex flex-col">
        {probe.findings.map((finding, index) => (
          <li
            key={index}
            className="flex items-start gap-2 border-b border-line/60 py-1.5 last:border-b-0"
          >
            {finding.ok ? (
              <CircleCheck
                className="mt-0.5 size-4 shrink-0 text-ok"
                strokeWidth={1.5}
                aria-label="As it should be:"
              />
            ) : (
              <CircleAlert
                className="mt-0.5 size-4 shrink-0 text-warn"
                strokeWidth={1.5}
                aria-label="Not as it should be:"
              />
            )}
            <span className="min-w-0">
              <HostileText text={finding.sentence} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
