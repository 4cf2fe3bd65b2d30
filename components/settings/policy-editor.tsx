"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { z } from "zod";
import "#lib/contracts/no-eval.ts";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { previewPolicy } from "#lib/actions/policy.ts";
import { POLICY_LIMITS, policyRuleInput } from "#lib/contracts/policy-inputs.ts";
import type { PolicyChangeInput } from "#lib/contracts/policy-inputs.ts";
import type { PolicyPreview, PolicyRules as Rules } from "#lib/contracts/policy-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { POLICY_TEMPLATE } from "#lib/domain/decision/policy-change.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import type { DraftPlace } from "./kept-draft.ts";
import { PolicyReview } from "./policy-review.tsx";
import { PolicyRuleDialog } from "./policy-rule-dialog.tsx";
import type { RuleInput } from "./policy-rule-form.ts";
import { PolicyRules } from "./policy-rules.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";
import { RestoredDraft, useHadDraft, useKeptDraft } from "./use-kept-draft.tsx";

type Props = { person: PersonView; inForce: Rules | null };

const draftOfPolicy = z.object({
  rules: z.array(policyRuleInput).max(POLICY_LIMITS.rules),
  reason: z.string(),
  hours: z.string(),
});
type PolicyDraft = z.infer<typeof draftOfPolicy>;

function placeOf(personId: string): DraftPlace<PolicyDraft> {
  return { of: "policy", personId, schema: draftOfPolicy };
}

/** A draft of the rules; then what it would do, and the signature. */
export function PolicyEditor(props: Props) {
  return <Editor key={String(useHadDraft(placeOf(props.person.id)))} {...props} />;
}

function Editor({ person, inForce }: Props) {
  const base = inForce?.version ?? null;
  const draft = useKeptDraft(placeOf(person.id), {
    base,
    begin: () => ({ rules: unnumbered(inForce?.rules ?? []), reason: "", hours: "24" }),
  });
  const rules = numbered(draft.value.rules.map((rule) => ({ ...rule, number: 0 })));
  const [shown, setShown] = useState<{ input: PolicyChangeInput; preview: PolicyPreview } | null>(
    null,
  );
  if (shown) {
    return (
      <PolicyReview
        person={person}
        before={inForce?.rules ?? []}
        after={rules}
        input={shown.input}
        preview={shown.preview}
        onBack={() => setShown(null)}
        onProposed={draft.drop}
      />
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-6 px-6 py-6">
        <PageHead
          title="Change the policy"
          action={<ButtonLink href="/settings/policy">Leave without changing it</ButtonLink>}
        >
          {inForce
            ? `A draft that begins with version ${inForce.version}, which is in force.`
            : "No policy is in force; begin with a rule or with the template."}{" "}
          Nothing changes before it is signed.
        </PageHead>
        <RestoredDraft draft={draft} base={base} />
        <DraftRules
          rules={rules}
          onRules={(next) => draft.change({ ...draft.value, rules: unnumbered(next) })}
        />
        <Ask base={base} draft={draft.value} onDraft={draft.change} onShown={setShown} />
      </div>
    </div>
  );
}

const NEW_RULE: RuleInput = POLICY_TEMPLATE[0]!;

type DraftProps = { rules: RuleWords[]; onRules: (rules: RuleWords[]) => void };

function DraftRules({ rules, onRules }: DraftProps) {
  /** The place of the rule in hand; the length of the list for a new one. */
  const [edited, setEdited] = useState<number | null>(null);
  const put = (rule: RuleInput) => {
    onRules(numbered(rules.toSpliced(edited ?? rules.length, 1, { ...rule, number: 0 })));
    setEdited(null);
  };
  return (
    <section aria-labelledby="draft" className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-3">
        <h2 id="draft" className="text-lg font-semibold">
          Rules of the draft
        </h2>
        <span className="flex gap-2">
          <Button onClick={() => onRules(numbered(POLICY_TEMPLATE))}>
            Begin with the template
          </Button>
          <Button
            icon={<Plus className="size-3.5" strokeWidth={2} aria-hidden />}
            onClick={() => setEdited(rules.length)}
          >
            Add rule
          </Button>
        </span>
      </div>
      {rules.length === 0 ? (
        <EmptyState flush title="No rules">
          Without a rule every decision is refused.
        </EmptyState>
      ) : (
        <PolicyRules
          rules={rules}
          label="Rules of the draft"
          renderActs={(rule, index) => (
            <>
              <Button
                size="sm"
                aria-label={`Change rule ${rule.number} of ${DECISION_WORDS[rule.kind].toLowerCase()}`}
                onClick={() => setEdited(index)}
              >
                Change
              </Button>
              <Button
                size="sm"
                tone="quiet"
                aria-label={`Remove rule ${rule.number} of ${DECISION_WORDS[rule.kind].toLowerCase()}`}
                onClick={() => onRules(numbered(rules.toSpliced(index, 1)))}
              >
                Remove
              </Button>
            </>
          )}
        />
      )}
      {edited === null ? null : (
        <PolicyRuleDialog
          title={edited < rules.length ? "Change the rule" : "Add a rule"}
          rule={rules[edited] ?? NEW_RULE}
          onClose={() => setEdited(null)}
          onDone={put}
        />
      )}
    </section>
  );
}

/** As the database orders and numbers them. */
function numbered(rules: readonly RuleWords[]): RuleWords[] {
  const counts = new Map<string, number>();
  return rules
    .toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0))
    .map((rule) => {
      const number = (counts.get(rule.kind) ?? 0) + 1;
      counts.set(rule.kind, number);
      return { ...rule, number };
    });
}

function unnumbered(rules: readonly RuleWords[]): RuleInput[] {
  return rules.map(({ number: _, ...rule }) => rule);
}

type AskProps = {
  base: number | null;
  draft: PolicyDraft;
  onDraft: (draft: PolicyDraft) => void;
  onShown: (shown: { input: PolicyChangeInput; preview: PolicyPreview }) => void;
};

function Ask({ base, draft, onDraft, onShown }: AskProps) {
  const { rules, reason, hours } = draft;
  const act = useAsking();
  const show = async () => {
    const input = {
      base,
      rules,
      reason,
      delayMinutes: /^\d{1,6}$/.test(hours) ? Number(hours) * 60 : 0,
    };
    const answer = await act.ask(() => previewPolicy(input));
    if (answer?.ok) onShown({ input: { ...input, reason: reason.trim() }, preview: answer.data });
  };
  return (
    <form
      aria-label="See what it changes"
      className="flex flex-col gap-3 border-t py-4"
      onSubmit={(event) => {
        event.preventDefault();
        void show();
      }}
    >
      <Refused reasons={act.refusal ?? act.fields["rules"] ?? null} />
      <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-[minmax(0,1fr)_220px_auto]">
        <TextArea
          label="Why the policy changes"
          name="reason"
          rows={1}
          className="min-h-9"
          value={reason}
          maxLength={POLICY_LIMITS.reason}
          error={act.fields["reason"]?.[0]}
          hint="It becomes part of the statement."
          onChange={(event) => onDraft({ ...draft, reason: event.target.value })}
        />
        <TextField
          size="lg"
          label="If it asks for less, wait, in hours"
          name="delayHours"
          inputMode="numeric"
          value={hours}
          error={act.fields["delayMinutes"] ? "A whole number from 24 to 720." : null}
          hint="At least 24, after the second signature."
          onChange={(event) => onDraft({ ...draft, hours: event.target.value })}
        />
        <div className="md:pt-[22px]">
          <Button size="lg" tone="primary" type="submit" pending={act.pending}>
            Show what it changes
          </Button>
        </div>
      </div>
    </form>
  );
}
