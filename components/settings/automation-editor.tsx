"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import "#lib/contracts/no-eval.ts";
import { Button } from "#components/ui/button.tsx";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { toast } from "#components/ui/toast.ts";
import { previewAutomation, proposeAutomation } from "#lib/actions/automation.ts";
import {
  AUTOMATION_REASON_MAX,
  AUTOMATION_RULES_MAX,
  DOUBT_PERCENT_MAX,
} from "#lib/contracts/automation-inputs.ts";
import type { AutomationPreview, AutomationVersionView } from "#lib/contracts/automation-views.ts";
import { AUTOMATIC_ACTIONS } from "#lib/domain/decision/automation.ts";
import type { AutomationRuleInput } from "#lib/domain/decision/automation.ts";
import { INCIDENT_TYPES } from "#lib/domain/decision/policy.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { AutomationRuleFields } from "./automation-rule-fields.tsx";
import { PreviewOfRules } from "./automation-preview.tsx";
import type { DraftPlace } from "./kept-draft.ts";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";
import { RestoredDraft, useHadDraft, useKeptDraft } from "./use-kept-draft.tsx";
import type { Draft } from "./use-kept-draft.tsx";

const NEW_RULE: AutomationRuleInput = {
  action: "collect_artifacts",
  severities: null,
  incidentTypes: null,
  minConfidence: 50,
  minSources: 1,
  maxPerHour: 10,
  maxPerIncident: 1,
};

type Props = { inForce: AutomationVersionView; personId: string };

/** Other rules than those in force: tried over the last week, then written down to be signed. */
export function AutomationEditor(props: Props) {
  const hadDraft = useHadDraft(placeOf(props.personId));
  return <Door key={String(hadDraft)} {...props} isOpen={hadDraft} />;
}

/** Open from the beginning when a draft was kept. */
function Door({ inForce, personId, isOpen }: Props & { isOpen: boolean }) {
  const [open, setOpen] = useState(isOpen);
  if (open) return <Editor inForce={inForce} personId={personId} onLeave={() => setOpen(false)} />;
  return (
    <div>
      <Button onClick={() => setOpen(true)}>Write other rules</Button>
    </div>
  );
}

function Editor({ inForce, personId, onLeave }: Props & { onLeave: () => void }) {
  const draft = useKeptDraft(placeOf(personId), {
    base: inForce.version,
    begin: () => rulesIn(inForce),
  });
  const edit = useRules(draft);
  const { reason } = draft.value;
  const looking = useAsking();
  const writing = useAsking();
  const input = { rules: edit.rules.map(({ rule }) => rule), doubtPercent: edit.doubtPercent };
  const look = async () => {
    const answer = await looking.ask(() => previewAutomation(input));
    edit.setPreview(answer?.ok ? answer.data : null);
  };
  const write = async () => {
    const answer = await writing.ask(() => proposeAutomation({ ...input, reason: reason.trim() }));
    if (!answer?.ok) return;
    draft.drop();
    onLeave();
    toast.done(`Version ${answer.data.version} is written and waits for signatures`);
  };
  return (
    <form
      aria-label="Write other rules"
      className="flex flex-col gap-5 rounded-panel border bg-surface px-5 py-4"
      onSubmit={(event) => {
        event.preventDefault();
        void write();
      }}
    >
      <h2 className="text-lg font-semibold">Other rules</h2>
      <p className="text-dim">
        They replace those in force once signed. What lets more run by itself than now takes two
        admins and a day; what lets less run takes one and holds at once, or two when anything may
        be isolated.
      </p>
      <RestoredDraft draft={draft} base={inForce.version} />
      <Rules edit={edit} />
      <Refused reasons={looking.refusal ?? allOf(looking.fields)} />
      {edit.preview ? <PreviewOfRules preview={edit.preview} /> : null}
      <TextArea
        label="Why"
        name="reason"
        rows={2}
        value={reason}
        maxLength={AUTOMATION_REASON_MAX}
        error={writing.fields["reason"]?.[0]}
        hint="It becomes part of the statement that is signed."
        onChange={(event) => draft.change({ ...draft.value, reason: event.target.value })}
      />
      <Refused reasons={writing.refusal ?? allOf(writing.fields, ["reason"])} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button tone="quiet" onClick={onLeave}>
          Leave
        </Button>
        <Button pending={looking.pending} onClick={() => void look()}>
          Show what would have run
        </Button>
        <Button tone="primary" type="submit" pending={writing.pending}>
          Write down to be signed
        </Button>
      </div>
    </form>
  );
}

function Rules({ edit }: { edit: ReturnType<typeof useRules> }) {
  return (
    <>
      {edit.rules.map(({ key, rule }, at) => (
        <AutomationRuleFields
          key={key}
          number={at + 1}
          rule={rule}
          onChange={(next) => edit.change(key, next)}
          onRemove={() => edit.remove(key)}
        />
      ))}
      <div className="flex flex-wrap items-end gap-4">
        {edit.rules.length < AUTOMATION_RULES_MAX ? (
          <Button
            icon={<Plus className="size-3.5" strokeWidth={2} aria-hidden />}
            onClick={() => edit.add(NEW_RULE)}
          >
            Add a rule
          </Button>
        ) : null}
        <div className="w-72">
          <TextField
            type="number"
            name="doubtPercent"
            label="Stop an incident above this share of failing claims, in per cent"
            min={0}
            max={DOUBT_PERCENT_MAX}
            value={edit.doubtPercent}
            onChange={(event) => edit.setDoubt(Number(event.target.value))}
          />
        </div>
      </div>
    </>
  );
}

const edited = z.object({
  key: z.int(),
  rule: z.object({
    action: z.enum(AUTOMATIC_ACTIONS),
    severities: z.array(z.enum(SEVERITIES)).nullable(),
    incidentTypes: z.array(z.enum(INCIDENT_TYPES)).nullable(),
    minConfidence: z.number(),
    minSources: z.number(),
    maxPerHour: z.number(),
    maxPerIncident: z.number(),
  }),
});
const draftOfRules = z.object({
  rules: z.array(edited).max(AUTOMATION_RULES_MAX),
  doubtPercent: z.number(),
  reason: z.string(),
});
type RulesDraft = z.infer<typeof draftOfRules>;

function placeOf(personId: string): DraftPlace<RulesDraft> {
  return { of: "automation", personId, schema: draftOfRules };
}

function rulesIn({ rules, doubtPercent }: AutomationVersionView): RulesDraft {
  const list = rules.map(({ number, ...rule }) => ({ key: number, rule }));
  return { rules: list, doubtPercent, reason: "" };
}

/** The rules as they are edited; a preview is of the rules as they were, and goes with a change. */
function useRules(draft: Draft<RulesDraft>) {
  const { rules, doubtPercent } = draft.value;
  const [preview, setPreview] = useState<AutomationPreview | null>(null);
  const put = (change: Partial<RulesDraft>) => {
    setPreview(null);
    draft.change({ ...draft.value, ...change });
  };
  return {
    rules,
    doubtPercent,
    preview,
    setPreview,
    setDoubt: (percent: number) => put({ doubtPercent: percent }),
    add: (rule: AutomationRuleInput) =>
      put({ rules: [...rules, { key: Math.max(0, ...rules.map(({ key }) => key)) + 1, rule }] }),
    remove: (key: number) => put({ rules: rules.filter((each) => each.key !== key) }),
    change: (key: number, rule: AutomationRuleInput) =>
      put({ rules: rules.map((each) => (each.key === key ? { key, rule } : each)) }),
  };
}

/** What the door said of fields that have no place of their own here. */
function allOf(
  fields: Record<string, string[] | undefined>,
  placed: readonly string[] = [],
): string[] | null {
  const rest = Object.entries(fields).filter(([name]) => !placed.includes(name));
  const words = rest.flatMap(([, said]) => said ?? []);
  return words.length === 0 ? null : [...new Set(words)];
}
