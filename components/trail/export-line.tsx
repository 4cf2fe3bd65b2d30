"use client";

import { Download, RotateCcw, X } from "lucide-react";
import { ExportStateMark } from "./export-state-mark.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { RecordText } from "#components/marks/voices.tsx";
import { Button, buttonLook } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Notice } from "#components/ui/states.tsx";
import { cancelExport, repeatExport } from "#lib/actions/exports.ts";
import type { ExportView } from "#lib/contracts/export-views.ts";
import {
  bytesWords,
  progressPercent,
  scopeWords,
  verifyCommand,
} from "#lib/domain/trail/export-words.ts";
import { EXPORT_FORMAT_WORDS, exportUnit, isOpen } from "#lib/domain/trail/export.ts";
import { useExportActs } from "./use-export-acts.ts";

const ICON = { className: "size-3.5", strokeWidth: 1.5, "aria-hidden": true } as const;

/** One export: what of the trail, how far it is, and what can be done with it. */
export function ExportLine({ one, isMine }: { one: ExportView; isMine: boolean }) {
  const { before, name } = scopeWords(one.scope, one.scopePerson);
  return (
    <li
      id={one.id}
      aria-label={`${EXPORT_FORMAT_WORDS[one.format].name}, ${before} ${name ?? ""}`.trim()}
      className="flex flex-col gap-2 border-b border-line/70 py-3 target:bg-selected"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="flex w-32 items-center">
          <ExportStateMark state={one.state} />
        </span>
        <span className="font-medium">{EXPORT_FORMAT_WORDS[one.format].name}</span>
        <span className="min-w-0 wrap-anywhere text-dim">
          {before} {name === null ? null : <HostileText text={name} />}
        </span>
        <span className="ml-auto flex items-center gap-2 text-xs text-dim">
          <PersonChip name={one.by.name} compact />
          <RelativeTime at={one.askedAt} />
        </span>
      </div>
      <LeftOut withheld={one.withheld} />
      {isOpen(one.state) ? <HowFar one={one} /> : null}
      {one.state === "failed" && one.reason !== null ? (
        <Notice tone="danger">{one.reason}</Notice>
      ) : null}
      {one.state === "ready" ? <ReadyFile one={one} /> : null}
      <Acts one={one} isMine={isMine} />
    </li>
  );
}

function LeftOut({ withheld: { evidence, names, payloads } }: Pick<ExportView, "withheld">) {
  const parts = [
    ...(evidence ? ["raw evidence"] : []),
    ...(names ? ["people's names"] : []),
    ...(payloads ? ["all payloads"] : []),
  ];
  if (parts.length === 0) return null;
  return <p className="text-xs text-dim">Left out for a third party: {parts.join(", ")}</p>;
}

function HowFar({ one: { done, total, format, state } }: { one: ExportView }) {
  const percent = progressPercent(done, total);
  const words =
    state === "queued"
      ? "Waits for a worker"
      : total === null
        ? "Waits for the seal, or is being counted"
        : `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${exportUnit(format, total)}`;
  return (
    <div className="flex items-center gap-3">
      <span
        role="progressbar"
        aria-label="How much of it is written"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        aria-valuetext={words}
        className="block h-1.5 w-60 overflow-hidden rounded-full bg-sunken"
      >
        <span
          className="block h-full origin-left bg-accent transition-transform"
          style={{ transform: `scaleX(${(percent ?? 0) / 100})` }}
        />
      </span>
      <span className="text-xs text-dim tabular-nums">{words}</span>
    </div>
  );
}

function ReadyFile({ one }: { one: ExportView }) {
  const { fileName, sha256, bytes, done, format, expiresAt } = one;
  if (fileName === null || sha256 === null || bytes === null) return null;
  const command = commandOf(one, fileName);
  return (
    <div className="flex flex-col gap-1.5">
      <p className="text-xs text-dim tabular-nums">
        {done.toLocaleString("en")} {exportUnit(format, done)}, {bytesWords(bytes)}; deleted{" "}
        {expiresAt === null ? null : <RelativeTime at={expiresAt} />}
      </p>
      <Copied label="sha256" what="sha256" value={sha256} />
      {command === null ? null : <Copied label="Verify" what="command" value={command} />}
    </div>
  );
}

/** A table or findings cannot be verified, nor can a part of the log without its bundle. */
function commandOf({ format, scope }: ExportView, fileName: string): string | null {
  if (format === "bundle") return verifyCommand(fileName);
  const isWhole = scope.kind === "log" || scope.kind === "incident";
  return format === "jsonl" && isWhole ? `npm run verify -- ${fileName}` : null;
}

function Copied({ label, what, value }: { label: string; what: string; value: string }) {
  return (
    <div className="flex items-center gap-2">
      <span className="w-14 shrink-0 text-xs text-dim">{label}</span>
      <RecordText className="min-w-0 flex-1">{value}</RecordText>
      <CopyButton value={value} what={what} />
    </div>
  );
}

function Acts({ one, isMine }: { one: ExportView; isMine: boolean }) {
  const acts = useExportActs();
  const id = { exportId: one.id };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {one.state === "ready" && one.fileName !== null ? (
        <a
          href={`/api/exports/${one.id}`}
          download={one.fileName}
          className={buttonLook({ tone: "primary" })}
        >
          <Download {...ICON} />
          Download {one.fileName}
        </a>
      ) : null}
      {isOpen(one.state) && isMine ? (
        <Button
          icon={<X {...ICON} />}
          pending={acts.pending}
          onClick={() => void acts.send(() => cancelExport(id))}
        >
          Cancel
        </Button>
      ) : null}
      {isOpen(one.state) || one.state === "ready" ? null : (
        <Button
          icon={<RotateCcw {...ICON} />}
          pending={acts.pending}
          onClick={() => void acts.send(() => repeatExport(id))}
        >
          Ask for it again
        </Button>
      )}
      {acts.refusal ? (
        <p role="alert" className="text-xs text-danger">
          {acts.refusal}
        </p>
      ) : null}
    </div>
  );
}
