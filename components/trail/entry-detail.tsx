"use client";

import { useQuery } from "@tanstack/react-query";
import { LoadingNote, Skeleton } from "#components/ui/skeleton.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { EntrySeal } from "#components/layout/entry-seal.tsx";
import { Fact, Facts } from "#components/ui/fact.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { RecordText } from "#components/marks/voices.tsx";
import { EntryProof } from "./entry-proof.tsx";
import { aboutOf } from "#lib/domain/trail/about.ts";
import { entryOptions } from "#lib/browser/desk-data.ts";
import type { TrailEntryView } from "#lib/contracts/trail-views.ts";

/** An entry that was opened; it is asked for then. */
export function OpenEntry({ id, seq }: { id: string; seq: number }) {
  const { data, error, refetch } = useQuery(entryOptions(seq));
  return (
    <div id={id} className="bg-surface px-4 py-3 md:pl-30">
      {data ? <EntryDetail entry={data} /> : null}
      {error && !data ? (
        <div role="alert" className="flex flex-wrap items-center gap-2 text-xs text-danger">
          {error.message}
          <Button size="sm" onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      ) : null}
      {data || error ? null : (
        <>
          <LoadingNote>{`Loading entry ${seq}`}</LoadingNote>
          <Skeleton className="h-40 w-full" />
        </>
      )}
    </div>
  );
}

/** The exact line, its leaf, its payload, and the checkpoint that covers it. */
function EntryDetail({ entry }: { entry: TrailEntryView }) {
  const about = aboutOf(entry);
  return (
    <div className="flex flex-col gap-3">
      <Facts label={`Facts of entry ${entry.seq}`}>
        <Fact name="Kind" record>
          {entry.kind}
        </Fact>
        <Fact name="Actor" record>
          <HostileText text={entry.actor} />
        </Fact>
        <Fact name="Database login" record>
          {entry.role}
        </Fact>
        <Fact name="Time">
          <ExactTime at={entry.at} />
        </Fact>
        <Fact name="Leaf" record>
          {entry.leaf}
        </Fact>
        <Fact name="Seal">
          {entry.sealed ? (
            <>
              Under the checkpoint of size {entry.sealed.size.toLocaleString("en")}, signed{" "}
              <ExactTime at={entry.sealed.at} />
            </>
          ) : (
            <EntrySeal seq={entry.seq} checkpoint={null} />
          )}
        </Fact>
      </Facts>
      <RecordText wrap label={`Line of entry ${entry.seq}`}>
        <HostileText text={entry.line} />
      </RecordText>
      {entry.payload === null || entry.payload === undefined ? (
        <p className="text-xs text-dim">
          {entry.erasedBy === null
            ? "The payload cannot be opened; verify an export and tell an admin."
            : `Erased by entry ${entry.erasedBy}; its hash is still part of the chain.`}
        </p>
      ) : (
        <RecordText wrap label={`Payload of entry ${entry.seq}`}>
          <HostileText text={JSON.stringify(entry.payload, null, 2)} lines />
        </RecordText>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <CopyButton words value={entry.line} what="line" />
        <CopyButton words value={entry.leaf} what="leaf" />
        <CopyButton words value={() => linkTo(entry)} what="link" />
        {about && entry.kind.startsWith("decision.") && about.href.includes("/decisions/") ? (
          <ButtonLink size="sm" href={`${about.href}/reasons`}>
            Reasons of this decision
          </ButtonLink>
        ) : null}
        {entry.incident?.startsWith("INC-") ? (
          <ButtonLink size="sm" href={`/incidents/${entry.incident}/replay?at=${entry.seq}`}>
            Replay the incident at this entry
          </ButtonLink>
        ) : null}
      </div>
      <EntryProof seq={entry.seq} isSealed={entry.sealed !== null} />
    </div>
  );
}

/** This entry alone, in a form that can be sent to somebody. */
function linkTo({ seq }: TrailEntryView): string {
  const address = new URL("/trail", window.location.href);
  address.searchParams.set("seq", String(seq));
  return address.href;
}
