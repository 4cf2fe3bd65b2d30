"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useNow } from "#components/ui/clock.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { Popover } from "#components/ui/popover.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { sealOptions } from "#lib/browser/desk-data.ts";
import type { SealView } from "#lib/contracts/views.ts";
import { sealWords, type SealWords } from "./seal-words.ts";

const TONES: Record<SealWords["state"], string> = {
  unknown: "text-warn",
  none: "text-faint",
  pending: "text-ok",
  sealed: "text-ok",
  late: "text-danger",
  frozen: "text-danger",
};

/** Whether the trail is sealed: when, how much of it, under which root, and what a witness saw of it. */
export function SealState({ linked }: { linked: boolean }) {
  const { data, isError } = useQuery(sealOptions());
  const { state, words, sentence } = sealWords(data, isError, useNow());
  const isAlarm = state === "late" || state === "frozen";
  return (
    <Popover
      title="Seal of the trail"
      align="end"
      trigger={
        <button
          type="button"
          className={cx(
            "inline-flex items-center gap-1.5 rounded-control px-1 text-xs hover:bg-hover",
            isAlarm ? "font-medium text-danger" : "text-dim hover:text-text",
          )}
        >
          <SealGlyph className={cx("size-4", TONES[state])} />
          <span className="hidden whitespace-nowrap tabular-nums sm:inline">{words}</span>
          <span className="sr-only sm:hidden">{words}</span>
        </button>
      }
    >
      <p className={cx("mb-2 max-w-80 text-sm", isAlarm && "text-danger")}>{sentence}</p>
      {data ? <SealFacts seal={data} /> : null}
      {linked ? (
        <Link
          href="/trail"
          className="mt-2 inline-block text-xs text-dim underline hover:text-text"
        >
          Open the trail
        </Link>
      ) : null}
    </Popover>
  );
}

function SealFacts({ seal }: { seal: SealView }) {
  const { size, sealedSize, root, sealedAt, witness, timeStamp } = seal;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
      <Fact name="Entries">{size.toLocaleString("en")}</Fact>
      {sealedAt ? (
        <Fact name="Checkpoint">
          {sealedSize.toLocaleString("en")}, <RelativeTime at={sealedAt} />
        </Fact>
      ) : null}
      {root ? (
        <Fact name="Root">
          <span className="record">{root.slice(0, 16)}…</span>
          <CopyButton value={root} what="root of the trail" />
        </Fact>
      ) : null}
      <Fact name="Witness">
        {witness ? (
          <span className="min-w-0 wrap-anywhere">
            <HostileText text={witness.name} /> saw {witness.size.toLocaleString("en")} entries,{" "}
            <RelativeTime at={witness.at} />
          </span>
        ) : (
          "none has cosigned; the seal rests on the log's own key"
        )}
      </Fact>
      {timeStamp ? (
        <Fact name="Time stamp">
          over {timeStamp.size.toLocaleString("en")} entries, <RelativeTime at={timeStamp.at} />
        </Fact>
      ) : null}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-faint">{name}</dt>
      <dd className="flex min-w-0 items-center gap-1">{children}</dd>
    </>
  );
}
