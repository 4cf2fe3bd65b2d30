"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { LoadingNote } from "#components/ui/skeleton.tsx";
import { handoverDrafts } from "#lib/actions/hand-over.ts";
import { reached } from "#lib/browser/reached.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { HandOverInput } from "#lib/contracts/work-inputs.ts";
import type { HandoverDraft } from "#lib/contracts/work-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { usePeople } from "./use-people.ts";

type Props = {
  incidentIds: readonly string[];
  person: PersonView;
  pending: boolean;
  /** Why it was not done; what was written is still there. */
  refused: string | null;
  onHandOver: (handovers: HandOverInput[], to: PersonView | null) => void;
  onClose: () => void;
};

const NOBODY = "nobody";

/** Hands incidents over: to whom, and a note for each, begun from what stands open in it. */
export function HandOverDialog(props: Props) {
  const { incidentIds, person, pending, refused, onHandOver, onClose } = props;
  const [to, setTo] = useState<string | null>(null);
  const [words, setWords] = useState<ReadonlyMap<string, string>>(new Map());
  const [told, setTold] = useState(false);
  const drafts = useDrafts(incidentIds);
  const people = (usePeople().data ?? []).filter(({ id }) => id !== person.id);
  const count = incidentIds.length;
  const textOf = (draft: HandoverDraft) => words.get(draft.incidentId) ?? draft.text;
  const submit = () => {
    setTold(true);
    const { data } = drafts;
    if (!data || to === null || pending || data.some((draft) => !textOf(draft).trim())) return;
    const handovers = data.map((draft) => ({
      incidentId: draft.incidentId,
      personId: to === NOBODY ? null : to,
      expected: draft.assignee?.id ?? null,
      text: textOf(draft),
    }));
    onHandOver(handovers, people.find(({ id }) => id === to) ?? null);
  };
  return (
    <FormDialog
      open
      size="lg"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={count === 1 ? "Hand over the incident" : `Hand over ${count} incidents`}
      description="The note stays in the thread. Whoever gets the incident is told, and sees it until they say that they have taken over."
      submit={count === 1 ? "Hand over" : `Hand over ${count} incidents`}
      pending={pending}
      blocked={!drafts.data}
      onSubmit={submit}
    >
      <SelectField
        label="To"
        value={to}
        error={told && to === null ? "Choose to whom, or nobody." : null}
        options={[
          ...people.map(({ id, name, role }) => ({
            value: id,
            label: name,
            hint: ROLE_WORDS[role],
          })),
          { value: NOBODY, label: "Nobody yet: back to the queue" },
        ]}
        onChange={setTo}
      />
      {drafts.isPending ? <LoadingNote>Looking up what is open</LoadingNote> : null}
      {drafts.error ? <Alert words={`${drafts.error.message} Nothing was handed over.`} /> : null}
      {drafts.data?.map((draft) => (
        <Note
          key={draft.incidentId}
          draft={draft}
          rows={count === 1 ? 14 : 8}
          text={textOf(draft)}
          told={told}
          onText={(text) => setWords(new Map(words).set(draft.incidentId, text))}
          onSubmit={submit}
        />
      ))}
      {refused ? <Alert words={`${refused} Your words are still here.`} /> : null}
    </FormDialog>
  );
}

function Alert({ words }: { words: string }) {
  return (
    <p role="alert" className="text-xs text-danger">
      {words}
    </p>
  );
}

type NoteProps = {
  draft: HandoverDraft;
  rows: number;
  text: string;
  /** It was tried to hand over: what is missing is said. */
  told: boolean;
  onText: (text: string) => void;
  onSubmit: () => void;
};

function Note({ draft, rows, text, told, onText, onSubmit }: NoteProps) {
  return (
    <TextArea
      label={`Note for ${draft.number} ${visibleText(draft.title)}`}
      rows={rows}
      value={text}
      maxLength={TEXT_LIMITS.note}
      error={told && !text.trim() ? "Write what the next person needs to know." : null}
      onChange={(event) => onText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        onSubmit();
      }}
    />
  );
}

/** As the rows stand when the dialog opens; what is edited is not overwritten by a later look. */
function useDrafts(incidentIds: readonly string[]) {
  return useQuery({
    queryKey: ["handover", ...incidentIds],
    queryFn: async () => {
      const answer = await reached(handoverDrafts({ incidentIds: [...incidentIds] }));
      if (!answer.ok) throw new Error(answer.message);
      return answer.data;
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}
