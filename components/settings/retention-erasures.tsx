"use client";

import Link from "next/link";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";
import { Button } from "#components/ui/button.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { toast } from "#components/ui/toast.ts";
import { approvalStatement, approveErasure, endErasure } from "#lib/actions/erasures.ts";
import type { ErasureView, RetentionPage } from "#lib/contracts/erasure-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { basisWords, NOT_ERASED } from "#lib/domain/incident/erasure.ts";
import type { ErasureState } from "#lib/domain/incident/erasure.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { ReasonField } from "./retention-ask.tsx";
import { IncidentLink, Pages } from "./retention-parts.tsx";
import { SignedDialog } from "./signed-dialog.tsx";

type Props = {
  page: RetentionPage;
  asked: { incident?: string; cursor?: string };
  person: PersonView;
};
type Doing = { what: "approve" | "end"; erasure: ErasureView };

const STATE_WORDS: Record<ErasureState, string> = {
  open: "Waits for another lead or admin",
  approved: "Erased",
  refused: "Refused",
  withdrawn: "Withdrawn",
  expired: "Lapsed after thirty days",
};

/** Every request, newest first, with who asked, on what basis and how it ended. */
export function Erasures({ page, asked, person }: Props) {
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  return (
    <section aria-labelledby="erasures" className="flex flex-col gap-3">
      <h2 id="erasures" className="text-lg font-semibold">
        Erasures
      </h2>
      {page.erasures.length === 0 ? (
        <p className="text-dim">
          Nothing was asked to be erased. A request stands here with its basis until another person
          approves or refuses it.
        </p>
      ) : (
        <ol className="flex flex-col divide-y border-y">
          {page.erasures.map((erasure) => (
            <li key={erasure.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-2.5">
              <Told erasure={erasure} person={person} />
              {erasure.state === "open" && may(person.role, "retention:manage") ? (
                <Acts erasure={erasure} personId={person.id} onDo={setDoing} />
              ) : null}
            </li>
          ))}
        </ol>
      )}
      <Pages
        label="Pages of erasures"
        asked={asked}
        param="cursor"
        isFirst={asked.cursor === undefined}
        next={page.nextErasure}
      />
      {doing?.what === "approve" ? <Approve erasure={doing.erasure} onClose={close} /> : null}
      {doing?.what === "end" ? (
        <End erasure={doing.erasure} isOwn={doing.erasure.by.id === person.id} onClose={close} />
      ) : null}
    </section>
  );
}

function Told({ erasure, person }: { erasure: ErasureView; person: PersonView }) {
  const { incident, state, end, entry } = erasure;
  return (
    <div className="flex min-w-64 flex-1 flex-col gap-1">
      <p className="flex flex-wrap items-center gap-x-2">
        <IncidentLink incident={incident} role={person.role} />
        <span className="font-medium">{STATE_WORDS[state]}</span>
        {entry === null ? null : <EntryLink entry={entry} incident={incident} person={person} />}
      </p>
      <p className="wrap-anywhere">
        {basisWords(erasure.legalBasis)}: <HostileText text={erasure.reason} />
      </p>
      <p className="flex flex-wrap items-center gap-x-2 text-xs text-dim">
        Asked for by <PersonChip name={erasure.by.name} role={erasure.by.role} />
        <ExactTime at={erasure.at} />
      </p>
      {end ? (
        <p className="flex flex-wrap items-center gap-x-2 text-xs text-dim">
          {state === "approved" ? "Approved by" : "Ended by"}{" "}
          <PersonChip name={end.by.name} role={end.by.role} />
          <ExactTime at={end.at} />
          {end.reason === null ? null : (
            <span className="wrap-anywhere">
              <HostileText text={end.reason} />
            </span>
          )}
        </p>
      ) : null}
    </div>
  );
}

type EntryProps = { entry: number; incident: ErasureView["incident"]; person: PersonView };

function EntryLink({ entry, incident, person }: EntryProps) {
  const words = `by entry ${entry}`;
  if (!may(person.role, "trail:read")) return <span className="text-dim">{words}</span>;
  return (
    <Link
      href={`/trail?incident=${incident.number}`}
      className="text-accent underline-offset-2 hover:underline"
    >
      {words}
    </Link>
  );
}

type ActsProps = { erasure: ErasureView; personId: string; onDo: (doing: Doing) => void };

/** Who asked can only withdraw; everybody else approves or refuses. */
function Acts({ erasure, personId, onDo }: ActsProps) {
  const isOwn = erasure.by.id === personId;
  const of = `the erasure of ${erasure.incident.number}`;
  return (
    <div className="flex gap-2">
      {isOwn ? null : (
        <Button
          size="sm"
          tone="danger"
          aria-label={`Approve ${of}`}
          onClick={() => onDo({ what: "approve", erasure })}
        >
          Approve
        </Button>
      )}
      <Button
        size="sm"
        aria-label={`${isOwn ? "Withdraw" : "Refuse"} ${of}`}
        onClick={() => onDo({ what: "end", erasure })}
      >
        {isOwn ? "Withdraw" : "Refuse"}
      </Button>
    </div>
  );
}

type DialogProps = { erasure: ErasureView; onClose: () => void };

function Approve({ erasure, onClose }: DialogProps) {
  const { id: erasureId, incident } = erasure;
  const act = useAsking();
  return (
    <SignedDialog
      title={`Erase what the entries of ${incident.number} tell`}
      description="With your signature the incident's key and everything its entries tell are gone from this desk, for good."
      meaning="I have looked at the request and its legal basis, and I erase this for good."
      submit="Sign and erase"
      tone="danger"
      done="Erased"
      show={() => approvalStatement({ erasureId })}
      sign={(signature) => approveErasure({ erasureId, ...signature })}
      onClose={onClose}
      act={act}
    >
      <p className="wrap-anywhere">
        {basisWords(erasure.legalBasis)}: <HostileText text={erasure.reason} />
      </p>
      <p className="text-dim">{NOT_ERASED}</p>
    </SignedDialog>
  );
}

function End({ erasure, isOwn, onClose }: DialogProps & { isOwn: boolean }) {
  const [reason, setReason] = useState("");
  const act = useAsking();
  const end = async () => {
    const answer = await act.ask(() => endErasure({ erasureId: erasure.id, reason }));
    if (!answer?.ok) return;
    toast.done(isOwn ? "Withdrawn" : "Refused");
    onClose();
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`${isOwn ? "Withdraw" : "Refuse"} the erasure of ${erasure.incident.number}`}
      description="Nothing is erased. It can be asked for again."
      submit={isOwn ? "Withdraw" : "Refuse"}
      pending={act.pending}
      onSubmit={() => void end()}
    >
      <Refused reasons={act.refusal} />
      <ReasonField value={reason} errors={act.fields} onChange={setReason} />
    </FormDialog>
  );
}
