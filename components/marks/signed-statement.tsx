"use client";

import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { cx } from "#components/ui/cx.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { asPoint, type Sentence } from "#lib/domain/sentence.ts";
import { HostileText } from "./hostile-text.tsx";
import { SentenceText } from "./sentence-text.tsx";
import { RecordText } from "./voices.tsx";

type Look = "words" | "exact";

type Props = {
  title: string;
  /** What it means, then the rest; points begin as `asPoint` tells. Null: only the exact text is shown. */
  sentences: readonly Sentence[] | null;
  statement: string;
  statementSha256: string; // hex
  /** Said between the title and the text. */
  children?: ReactNode;
};

/** The statement in plain sentences, and byte for byte as it is signed one key away. */
export function SignedStatement(props: Props) {
  const { title, sentences, statement, statementSha256, children } = props;
  const [look, setLook] = useLook();
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-xs font-medium text-dim">{title}</h2>
        {sentences ? (
          <Segmented
            label="How the statement is shown"
            value={look}
            options={[
              { value: "words", label: "In words" },
              { value: "exact", label: "Exact text  x" },
            ]}
            onChange={setLook}
          />
        ) : null}
      </div>
      {children}
      {sentences && look === "words" ? (
        <Sentences sentences={sentences} />
      ) : (
        <RecordText wrap className="max-h-[55vh] overflow-y-auto">
          <HostileText text={statement} lines />
        </RecordText>
      )}
      <p className="flex items-center gap-1 text-2xs text-faint">
        SHA-256 of the exact text
        <span className="record text-2xs break-all text-dim">{statementSha256}</span>
        <CopyButton value={statementSha256} what="statement SHA-256" />
      </p>
    </div>
  );
}

function useLook(): [Look, (look: Look) => void] {
  const [look, setLook] = useState<Look>("words");
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea");
      if (event.key !== "x" || typing || event.metaKey || event.ctrlKey || event.altKey) return;
      setLook((before) => (before === "words" ? "exact" : "words"));
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return [look, setLook];
}

function Sentences({ sentences }: { sentences: readonly Sentence[] }) {
  const [meaning, ...rest] = sentences;
  return (
    <div className="flex flex-col gap-2.5 text-[15px] leading-6">
      <p className="text-lg leading-7 font-medium">
        <SentenceText sentence={meaning ?? ""} />
      </p>
      {rest.map((sentence, index) => {
        const point = asPoint(sentence);
        return (
          <p key={index} className={cx(point && "pl-4", point?.isWarning && "text-warn")}>
            <SentenceText sentence={point?.sentence ?? sentence} />
          </p>
        );
      })}
    </div>
  );
}
