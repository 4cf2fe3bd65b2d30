"use client";

import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { CheckField, TextArea, TextField } from "#components/ui/field.tsx";
import { typeWords } from "#lib/domain/decision/policy-words.ts";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import type { IncidentType } from "#lib/domain/decision/policy.ts";
import { moved, PLAYBOOK_LIMITS } from "#lib/domain/incident/playbook.ts";
import type { PlaybookContent } from "#lib/domain/incident/playbook.ts";
import type { PlaybookVersionView } from "#lib/contracts/playbooks.ts";
import type { DraftPlace } from "./kept-draft.ts";
import { contentOf, newStep, playbookFormOf, playbookFormSchema } from "./playbook-form.ts";
import type { PlaybookForm, StepForm } from "./playbook-form.ts";
import { PlaybookStepFields } from "./playbook-step-fields.tsx";
import { Refused } from "./refused.tsx";
import { RestoredDraft, useHadDraft, useKeptDraft } from "./use-kept-draft.tsx";
import { useWritePlaybook } from "./use-write-playbook.ts";

type Given = {
  personId: string;
  /** Null: a new one. */
  name: string | null;
  /** The newest version; null of a new one. */
  newest: number | null;
  /** What the form begins with; null of a new one. */
  shown: PlaybookContent | null;
};

/** The way to a playbook that there is not yet. */
export function NewPlaybook({ personId }: Pick<Given, "personId">) {
  return (
    <Door
      open="Write a playbook"
      icon={<Plus className="size-3.5" strokeWidth={2} aria-hidden />}
      given={{ personId, name: null, newest: null, shown: null }}
    />
  );
}

type ChangeProps = { name: string; newest: number; shown: PlaybookVersionView; personId: string };

/** The way to the next version, from the one that is shown. */
export function ChangePlaybook({ name, newest, shown, personId }: ChangeProps) {
  const { incidentTypes, rank, steps, version } = shown;
  return (
    <Door
      open={version === newest ? "Change it" : `Begin from version ${version}`}
      icon={<Pencil className="size-3.5" strokeWidth={2} aria-hidden />}
      given={{ personId, name, newest, shown: { incidentTypes, rank, steps } }}
    />
  );
}

type DoorProps = { open: string; icon: React.ReactNode; given: Given };

/** Open from the beginning when a draft was kept. */
function Door(props: DoorProps) {
  const hadDraft = useHadDraft(placeOf(props.given));
  return <Opened key={String(hadDraft)} {...props} isOpen={hadDraft} />;
}

function Opened({ open, icon, given, isOpen }: DoorProps & { isOpen: boolean }) {
  const [shown, setShown] = useState(isOpen);
  if (shown) return <Editor given={given} onLeave={() => setShown(false)} />;
  return (
    <div>
      <Button tone="primary" icon={icon} onClick={() => setShown(true)}>
        {open}
      </Button>
    </div>
  );
}

function placeOf({ name, personId }: Given): DraftPlace<PlaybookForm> {
  return { of: `playbook ${name ?? ""}`, personId, schema: playbookFormSchema };
}

/** What is written, and how it is sent; without a step nothing is, since that would retire it. */
function useEditor({ given, onLeave }: EditorProps) {
  const { name, newest, shown } = given;
  const draft = useKeptDraft(placeOf(given), {
    base: newest,
    begin: () => playbookFormOf(name ?? "", shown),
  });
  const { pending, refusal, fields, write } = useWritePlaybook();
  const [tried, setTried] = useState(false);
  const form = draft.value;
  const content = contentOf(form);
  const isEmpty = content.steps.length === 0;
  const leave = () => {
    draft.drop();
    onLeave();
  };
  const save = async () => {
    setTried(true);
    if (isEmpty) return;
    const title = form.name.trim();
    const version = (newest ?? 0) + 1;
    const written = await write({
      name: title,
      // where the draft is older than that, the notice above it says so
      after: newest ?? 0,
      ...content,
      reason: form.reason,
      before: shown,
      done:
        name === null
          ? `${title} is offered from now on`
          : `Version ${version} of ${title} is written`,
    });
    if (written) leave();
  };
  return {
    draft,
    form,
    change: (part: Partial<PlaybookForm>) => draft.change({ ...form, ...part }),
    save,
    leave,
    pending,
    refusal,
    fields,
    stepsFault: tried && isEmpty ? "Add at least one step." : fields["steps"]?.[0],
  };
}

type EditorProps = { given: Given; onLeave: () => void };

function Editor(props: EditorProps) {
  const { name, newest } = props.given;
  const { draft, form, change, save, leave, ...sending } = useEditor(props);
  return (
    <form
      method="post"
      aria-label={name === null ? "Write a playbook" : `Change ${name}`}
      className="flex flex-col gap-4 rounded-panel border bg-surface px-5 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <RestoredDraft draft={draft} base={newest} />
      <Head {...{ name, form, change }} fields={sending.fields} />
      <Types chosen={form.incidentTypes} onChange={(incidentTypes) => change({ incidentTypes })} />
      <Steps
        steps={form.steps}
        error={sending.stepsFault}
        onChange={(steps) => change({ steps })}
      />
      <TextArea
        label="Why"
        rows={2}
        value={form.reason}
        maxLength={PLAYBOOK_LIMITS.reason}
        error={sending.fields["reason"]?.[0]}
        onChange={(event) => change({ reason: event.target.value })}
      />
      <Refused reasons={sending.refusal} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="quiet" onClick={leave}>
          Discard
        </Button>
        <Button tone="primary" type="submit" pending={sending.pending}>
          {name === null ? "Write it" : `Write version ${(newest ?? 0) + 1}`}
        </Button>
      </div>
    </form>
  );
}

type HeadProps = {
  name: string | null;
  form: PlaybookForm;
  change: (part: Partial<PlaybookForm>) => void;
  fields: Record<string, string[] | undefined>;
};

function Head({ name, form, change, fields }: HeadProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_8rem] gap-3">
      {name === null ? (
        <TextField
          label="Name"
          value={form.name}
          maxLength={PLAYBOOK_LIMITS.name}
          autoComplete="off"
          autoFocus
          error={fields["name"]?.[0]}
          onChange={(event) => change({ name: event.target.value })}
        />
      ) : (
        <h2 className="self-center text-lg font-semibold">The next version</h2>
      )}
      <TextField
        label="Rank"
        inputMode="numeric"
        value={form.rank}
        hint="The highest that fits is offered first."
        error={fields["rank"]?.[0]}
        onChange={(event) => change({ rank: event.target.value })}
      />
    </div>
  );
}

type TypesProps = {
  chosen: readonly IncidentType[];
  onChange: (chosen: IncidentType[]) => void;
};

function Types({ chosen, onChange }: TypesProps) {
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="pb-1.5 text-xs font-medium">
        For incidents of type{" "}
        <span className="font-normal text-faint">
          {chosen.length === 0 ? "none chosen: for what no other one fits" : "any of these"}
        </span>
      </legend>
      <div className="grid grid-cols-2 gap-1 md:grid-cols-4">
        {INCIDENT_TYPES.map((type) => (
          <CheckField
            key={type}
            label={typeWords(type)}
            checked={chosen.includes(type)}
            onChange={(on) =>
              onChange(INCIDENT_TYPES.filter((one) => (one === type ? on : chosen.includes(one))))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

type StepsProps = {
  steps: readonly StepForm[];
  error: string | undefined;
  onChange: (steps: StepForm[]) => void;
};

function Steps({ steps, error, onChange }: StepsProps) {
  const full = steps.length >= PLAYBOOK_LIMITS.steps;
  return (
    <div className="flex flex-col gap-3">
      {steps.map((step, index) => (
        <PlaybookStepFields
          key={step.id}
          number={index + 1}
          count={steps.length}
          step={step}
          error={error && step.title.trim() === "" ? error : undefined}
          onChange={(next) => onChange(steps.with(index, next))}
          onMove={(by) => onChange([...moved(steps, index, by)])}
          onRemove={() => onChange(steps.toSpliced(index, 1))}
        />
      ))}
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
      <div>
        <Button
          size="sm"
          icon={<Plus className="size-3.5" strokeWidth={1.5} aria-hidden />}
          aria-disabled={full || undefined}
          onClick={() => onChange([...steps, newStep(steps)])}
        >
          {full ? `${PLAYBOOK_LIMITS.steps} steps, which is all there may be` : "Add a step"}
        </Button>
      </div>
    </div>
  );
}
