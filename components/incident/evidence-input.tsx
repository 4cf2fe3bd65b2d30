"use client";

import { FileUp } from "lucide-react";
import { useEffect, useEffectEvent, useId, useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { cx } from "#components/ui/cx.ts";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import type { Addition } from "#lib/browser/add-evidence.ts";
import { HAND_BYTES_MAX, HAND_NAME_MAX, sizeWords } from "#lib/domain/evidence/by-hand.ts";
import type { HandWay } from "#lib/domain/evidence/by-hand.ts";

/** What is being brought, while it is still being put together. */
export type EvidenceDraft = {
  way: HandWay;
  text: string;
  name: string;
  files: Partial<Record<HandWay, File>>;
};
export const NO_EVIDENCE: EvidenceDraft = { way: "paste", text: "", name: "", files: {} };

const WAYS: { value: HandWay; label: string }[] = [
  { value: "paste", label: "Paste" },
  { value: "file", label: "File" },
  { value: "email", label: "E-mail" },
];

const HINTS: Record<HandWay, string> = {
  paste: `Kept byte for byte as UTF-8; at most ${sizeWords(HAND_BYTES_MAX.paste)}.`,
  file: `Any file, at most ${sizeWords(HAND_BYTES_MAX.file)}. It is kept, never run or shown as a page.`,
  email: `An .eml file, at most ${sizeWords(HAND_BYTES_MAX.email)}. Its headers, links and attachments' digests become fields.`,
};

type Props = {
  draft: EvidenceDraft;
  error: string | null;
  onChange: (draft: EvidenceDraft) => void;
};

/** Three ways to bring evidence; what one of them holds is kept while another is looked at. */
export function EvidenceInput({ draft, error, onChange }: Props) {
  const { way } = draft;
  return (
    <>
      <Segmented
        label="How"
        className="self-start"
        value={way}
        options={WAYS}
        onChange={(next) => onChange({ ...draft, way: next })}
      />
      {way === "paste" ? (
        <>
          <TextArea
            label="Text"
            rows={8}
            value={draft.text}
            error={error}
            hint={HINTS.paste}
            spellCheck={false}
            className="record"
            onChange={(event) => onChange({ ...draft, text: event.target.value })}
          />
          <TextField
            label="What it is"
            optional
            value={draft.name}
            maxLength={HAND_NAME_MAX}
            autoComplete="off"
            hint="One line for the thread; otherwise its first line."
            onChange={(event) => onChange({ ...draft, name: event.target.value })}
          />
        </>
      ) : (
        <FileDrop key={way} draft={draft} error={error} onChange={onChange} />
      )}
    </>
  );
}

function FileDrop({ draft, error, onChange }: Props) {
  const id = useId();
  const { way, files } = draft;
  const file = files[way];
  const choose = (chosen: FileList | null) => {
    const first = chosen?.[0];
    if (first) onChange({ ...draft, files: { ...files, [way]: first } });
  };
  const over = useDrops(choose);
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium">
        {way === "email" ? "E-mail file" : "File"}
      </label>
      <div
        className={cx(
          "flex flex-col gap-2 rounded-control border border-dashed bg-sunken px-3 py-4 text-sm",
          over ? "border-accent" : "border-line-strong",
        )}
      >
        <span className="flex items-center gap-2 text-dim">
          <FileUp className="size-4 shrink-0" strokeWidth={1.5} aria-hidden />
          {file ? (
            <output className="min-w-0 truncate text-text">
              <HostileText text={file.name} />{" "}
              <span className="text-dim">{sizeWords(file.size)}</span>
            </output>
          ) : (
            "Drop it on this page, or choose it:"
          )}
        </span>
        <input
          id={id}
          type="file"
          accept={way === "email" ? ".eml,message/rfc822" : undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-hint`}
          onChange={(event) => choose(event.target.files)}
          className="max-w-full text-xs text-dim"
        />
      </div>
      <p id={`${id}-hint`} className="text-2xs text-dim">
        {HINTS[way]}
      </p>
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
    </div>
  );
}

/** Takes a file that is dropped anywhere, which the browser would open in place of the page. True while one is above it. */
function useDrops(onFiles: (files: FileList) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    const on = (name: "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) =>
      window.addEventListener(name, act, { signal });
    on("dragover", (event) => {
      event.preventDefault();
      setOver(true);
    });
    on("dragleave", () => setOver(false));
    on("drop", (event) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer) take(event.dataTransfer.files);
    });
    return () => listening.abort();
  }, []);
  return over;
}

/** Null when nothing was brought yet. */
export function additionOf({ way, text, name, files }: EvidenceDraft): Addition | null {
  if (way === "paste") {
    if (text.trim() === "") return null;
    return { way, name: name.trim() || null, bytes: new Blob([text]) };
  }
  const file = files[way];
  if (!file) return null;
  return { way, name: file.name.slice(-HAND_NAME_MAX) || null, bytes: file };
}

/** Why it is not worth sending; null when it is. */
export function unfit(addition: Addition): string | null {
  const { way, bytes } = addition;
  if (bytes.size === 0) return "This file is empty: it has no bytes to keep.";
  if (bytes.size <= HAND_BYTES_MAX[way]) return null;
  return `This is ${sizeWords(bytes.size)}; at most ${sizeWords(HAND_BYTES_MAX[way])} can be added.`;
}
