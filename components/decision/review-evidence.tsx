"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import type { ComponentType } from "react";
import { Button } from "#components/ui/button.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import type { CitedRecord } from "#lib/domain/decision/cited-records.ts";
import { useFocusBeside, useOpening } from "./use-evidence-beside.ts";
import type { EvidenceBeside } from "./use-evidence-beside.ts";

/** How much of what the claims cite the reader has opened, and the ways through it. */
export function EvidenceBar({ beside, asked }: { beside: EvidenceBeside; asked: boolean }) {
  const { cited, openedCount, openMissing } = beside;
  if (cited.length === 0) return null;
  return (
    <div
      role="group"
      aria-label="Evidence"
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b px-6 py-1 lg:px-10"
    >
      <p className="text-xs">
        <span className="font-medium tabular-nums">
          {openedCount} of {cited.length} opened
        </span>{" "}
        <span className="text-dim">
          by you{asked ? "; the policy asks a signer to open each" : ""}
        </span>
      </p>
      <span className="ml-auto flex items-center gap-1">
        {openMissing ? (
          <Button size="sm" keys="n" aria-keyshortcuts="n" onClick={openMissing}>
            Next not opened
          </Button>
        ) : null}
        <IconButton
          size="sm"
          label="Previous evidence"
          keys="k"
          icon={<ChevronUp className="size-4" strokeWidth={1.5} aria-hidden />}
          onClick={() => beside.step(-1)}
        />
        <IconButton
          size="sm"
          label="Next evidence"
          keys="j"
          icon={<ChevronDown className="size-4" strokeWidth={1.5} aria-hidden />}
          onClick={() => beside.step(1)}
        />
      </span>
    </div>
  );
}

/** What shows a record; the page brings it, which knows the evidence's own parts. */
export type RecordPart = ComponentType<{
  incidentId: string;
  evidenceId: string;
  span: CitedRecord["span"];
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}>;

type PanelProps = { incidentId: string; beside: EvidenceBeside; Record: RecordPart };

/** The record that a citation leads to, with the cited words marked, beside the statement. */
export function EvidencePanel({ incidentId, beside, Record }: PanelProps) {
  const { at } = beside;
  const panel = useFocusBeside(at);
  if (!at) return null;
  const { evidenceId, span } = at;
  return (
    <div
      ref={panel}
      tabIndex={-1}
      role="group"
      aria-label={`${at.label}, beside the statement`}
      className="h-[60vh] shrink-0 border-t outline-offset-[-2px] md:h-[56%]"
    >
      <Opening incidentId={incidentId} evidenceId={evidenceId} beside={beside} />
      <Record
        incidentId={incidentId}
        evidenceId={evidenceId}
        span={span}
        onStep={beside.step}
        onClose={beside.close}
      />
    </div>
  );
}

function Opening(props: { incidentId: string; evidenceId: string; beside: EvidenceBeside }) {
  useOpening(props.incidentId, props.evidenceId, props.beside);
  return null;
}
