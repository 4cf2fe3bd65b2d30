"use client";

import { useRouter } from "next/navigation";
import { useMemo, useState, useTransition } from "react";
import { additionOf, EvidenceInput, NO_EVIDENCE, unfit } from "./evidence-input.tsx";
import { CheckField, TextArea, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { openIncidentAction } from "#lib/actions/open-incident.ts";
import { reached } from "#lib/browser/reached.ts";
import { OPEN_LIMITS } from "#lib/contracts/hand-inputs.ts";
import { CATEGORY_WORDS, INCIDENT_CATEGORIES } from "#lib/domain/evidence/by-hand.ts";
import type { IncidentCategory } from "#lib/domain/evidence/by-hand.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { SendProgress, useDigest, useSending } from "./use-sending.tsx";

type Said = {
  title: string;
  category: IncidentCategory | null;
  severity: Severity | null;
  description: string;
};
const NOTHING: Said = { title: "", category: null, severity: null, description: "" };
type Faults = Partial<Record<keyof Said, string>>;

function faultsOf({ title, category, severity, description }: Said): Faults {
  return {
    ...(title.trim() === "" && { title: "Write a title." }),
    ...(category === null && { category: "Choose what it is about." }),
    ...(severity === null && { severity: "Choose a severity." }),
    ...(description.trim() === "" && { description: "Write what is known." }),
  };
}

/** What somebody says of an incident that they open. */
export function NewIncidentDialog({ onClose }: { onClose: () => void }) {
  const [said, setSaid] = useState(NOTHING);
  const [told, setTold] = useState(false);
  const [more, setMore] = useState(false);
  const [draft, setDraft] = useState(NO_EVIDENCE);
  const addition = useMemo(() => (more ? additionOf(draft) : null), [more, draft]);
  const opening = useOpening(addition);
  const faults = told ? faultsOf(said) : {};
  const fault = addition
    ? unfit(addition)
    : told && more
      ? "Bring something to add, or take the tick off."
      : null;
  const submit = () => {
    setTold(true);
    if (opening.pending || Object.keys(faultsOf(said)).length > 0) return;
    if (fault || (more && !addition)) return;
    opening.start(said);
  };
  return (
    <FormDialog
      open
      size="lg"
      // what is on its way would end where nobody hears of it
      onOpenChange={(next) => (next || opening.pending ? undefined : onClose())}
      title="New incident"
      description="What you write is its first record, under your name, for good."
      submit="Open incident"
      pending={opening.pending}
      onSubmit={submit}
    >
      <SaidFields said={said} faults={faults} onChange={setSaid} />
      <CheckField
        label="Add evidence with it"
        hint="A paste, a file or an e-mail as its second record. More can follow in the incident."
        checked={more}
        onChange={setMore}
      />
      {more ? <EvidenceInput draft={draft} error={fault} onChange={setDraft} /> : null}
      <SendProgress share={opening.share} />
      {opening.refused ? (
        <div role="alert">
          <Notice tone="danger">{opening.refused}</Notice>
        </div>
      ) : null}
    </FormDialog>
  );
}

type FieldsProps = { said: Said; faults: Faults; onChange: (said: Said) => void };

function SaidFields({ said, faults, onChange }: FieldsProps) {
  return (
    <>
      <TextField
        label="Title"
        value={said.title}
        maxLength={OPEN_LIMITS.title}
        autoComplete="off"
        error={faults.title}
        onChange={(event) => onChange({ ...said, title: event.target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="What it is about"
          value={said.category}
          options={INCIDENT_CATEGORIES.map((value) => ({ value, label: CATEGORY_WORDS[value] }))}
          error={faults.category}
          onChange={(category) => onChange({ ...said, category })}
        />
        <SelectField
          label="Severity"
          value={said.severity}
          options={SEVERITIES.toReversed().map((value) => ({ value, label: capital(value) }))}
          error={faults.severity}
          onChange={(severity) => onChange({ ...said, severity })}
        />
      </div>
      <TextArea
        label="What is known"
        rows={5}
        value={said.description}
        maxLength={OPEN_LIMITS.description}
        error={faults.description}
        onChange={(event) => onChange({ ...said, description: event.target.value })}
      />
    </>
  );
}

/** Opens it once, adds what is brought with it, and goes there. */
function useOpening(addition: ReturnType<typeof additionOf>) {
  const router = useRouter();
  const [idem] = useState(() => crypto.randomUUID());
  const [refused, setRefused] = useState<string | null>(null);
  const [pending, begin] = useTransition();
  const sha256 = useDigest(addition);
  const sending = useSending(null);
  const start = ({ category, severity, title, description }: Said) =>
    begin(async () => {
      if (category === null || severity === null) return;
      const input = { idem, title, category, severity, description };
      const opened = await reached(openIncidentAction(input));
      if (!opened.ok) return setRefused(opened.message);
      const { id, number } = opened.data;
      const added = addition ? await sending.send(addition, sha256, id) : null;
      if (added?.ok === false)
        toast.failed("The evidence was not added", {
          detail: `${number} is open. ${added.message}`,
        });
      else toast.done(`Opened ${number}`);
      router.push(`/incidents/${number}`);
    });
  return { start, refused, pending, share: sending.share };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
