"use client";

import { useState, useTransition } from "react";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { proposeDecision } from "#lib/actions/propose-decision.ts";
import { reached } from "#lib/browser/reached.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { DecisionKind, ResponseAction } from "#lib/domain/decision/decision.ts";
import { blastRadiusOf } from "#lib/domain/decision/policy.ts";
import { BLAST_RADIUS_WORDS } from "#lib/domain/decision/words.ts";
import { BreakGlassField } from "./break-glass-field.tsx";
import { askGate, askGateForKind, requirementFor, standInFor } from "./ask-gate.ts";
import type { GateQuestion } from "./ask-gate.ts";
import { ClosureFields } from "./closure-fields.tsx";
import { ContainmentFields } from "./containment-fields.tsx";
import { contentOf, emptyDraft } from "./proposal-draft.ts";
import type { DraftErrors, ProposalDraft } from "./proposal-draft.ts";
import { Permitted, Reasons } from "./reasons.tsx";
import type { Reason } from "./reasons.tsx";
import { policySentence } from "./policy-words.ts";
import { StaysClosed } from "./stays-closed.tsx";
import { Waivers } from "./waivers.tsx";

export type ProposalProps = {
  incident: { id: string; number: string };
  kind: DecisionKind;
  question: GateQuestion;
  /** What a containment begins with: a response that is taken back. */
  begin?: ResponseAction;
  onClose: () => void;
  onProposed: () => void;
};

const TITLES: Record<DecisionKind, string> = {
  escalation: "Propose escalation",
  containment: "Propose containment",
  closure: "Propose closure",
  reopening: "Propose reopening",
};

/** A proposal: what, why, and what the policy says to it before it is sent and after. */
export function ProposalDialog(props: ProposalProps) {
  const { incident, kind, question, onClose } = props;
  const form = useProposal(props);
  const { draft, set, errors } = form;
  const isClosed = question.facts.status === "closed";
  const reasons = askGateForKind(question, kind, draft.waived, draft.actions);
  return (
    <FormDialog
      open
      size="lg"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={TITLES[kind]}
      description={`${incident.number}. Nothing happens until ${draft.breakGlass ? "you have signed it with a passkey" : "a person other than you has signed"}.`}
      submit={TITLES[kind]}
      pending={form.pending}
      blocked={reasons.length > 0}
      onSubmit={form.submit}
    >
      {form.refusal ? <Reasons title={form.refusal.title} reasons={form.refusal.reasons} /> : null}
      {reasons.length > 0 ? (
        <Reasons title="The policy does not permit this yet" reasons={reasons} />
      ) : null}
      {isClosed && kind === "containment" ? <StaysClosed /> : null}
      <KindFields
        incidentId={incident.id}
        isClosed={isClosed}
        draft={draft}
        set={set}
        errors={errors}
      />
      <TextArea
        label="Why"
        value={draft.reason}
        maxLength={TEXT_LIMITS.reason}
        error={errors.reason?.[0]}
        hint="Part of the statement that is signed"
        onChange={(event) => set({ reason: event.target.value })}
      />
      <Waivers
        claims={question.facts.unsettledClaims}
        waived={draft.waived}
        onChange={(waived) => set({ waived })}
      />
      {question.person.role === "lead" ? (
        <BreakGlassField on={draft.breakGlass} onChange={(breakGlass) => set({ breakGlass })} />
      ) : null}
      {reasons.length === 0 ? <WillAsk question={question} draft={draft} /> : null}
    </FormDialog>
  );
}

/** What the policy will ask of the proposal as it is filled in; said again when a field changes it. */
function WillAsk({ question, draft }: { question: GateQuestion; draft: ProposalDraft }) {
  const content = standInFor(draft.kind, draft.actions);
  const rule = requirementFor(question, content, draft.breakGlass);
  if (!rule) return null;
  const radius = BLAST_RADIUS_WORDS[blastRadiusOf(content)];
  return (
    <div role="status">
      <Permitted>
        {content.kind === "containment" ? `Blast radius: ${radius}. ` : null}
        {policySentence(rule)}
      </Permitted>
    </div>
  );
}

type FieldsProps = {
  incidentId: string;
  isClosed: boolean;
  draft: ProposalDraft;
  set: (part: Partial<ProposalDraft>) => void;
  errors: DraftErrors;
};

function KindFields({ incidentId, isClosed, draft, set, errors }: FieldsProps) {
  switch (draft.kind) {
    case "escalation":
      return (
        <TextField
          label="To whom"
          value={draft.to}
          maxLength={TEXT_LIMITS.to}
          error={errors.to?.[0]}
          placeholder="A team or a person who takes it from here"
          autoFocus
          onChange={(event) => set({ to: event.target.value })}
        />
      );
    case "containment":
      return (
        <ContainmentFields
          incidentId={incidentId}
          actions={draft.actions}
          error={errors.actions?.[0] ?? null}
          fixed={isClosed}
          onChange={(actions) => set({ actions })}
        />
      );
    case "closure":
      return (
        <ClosureFields
          draft={draft.closure}
          errors={errors}
          onChange={(closure) => set({ closure })}
        />
      );
    case "reopening":
      return null;
  }
}

function useProposal({ incident, kind, question, begin, onClose, onProposed }: ProposalProps) {
  const [draft, setDraft] = useState(() => ({
    ...emptyDraft(kind),
    ...(begin && { actions: [begin] }),
  }));
  const [idem] = useState(() => crypto.randomUUID());
  const [errors, setErrors] = useState<DraftErrors>({});
  const [refusal, setRefusal] = useState<{ title: string; reasons: Reason[] } | null>(null);
  const [pending, start] = useTransition();
  const submit = () => {
    const made = contentOf(draft);
    setErrors("errors" in made ? made.errors : {});
    if ("errors" in made || pending) return;
    const reasons = askGate(question, made.content, draft.waived, draft.breakGlass);
    if (reasons.length > 0) {
      setRefusal({ title: "The policy does not permit this as it stands", reasons });
      return;
    }
    start(async () => {
      const result = await reached(
        proposeDecision({
          incidentId: incident.id,
          content: made.content,
          waivedClaimIds: draft.waived,
          breakGlass: draft.breakGlass,
          idem,
        }),
      );
      if (!result.ok) {
        setErrors(result.fieldErrors ?? {});
        setRefusal({
          title: result.reasons?.length
            ? "Refused, and the refusal is on the trail"
            : "Not proposed",
          reasons: result.reasons?.length
            ? result.reasons
            : [{ code: result.code, sentence: result.message }],
        });
        return;
      }
      onProposed();
      onClose();
    });
  };
  const set = (part: Partial<ProposalDraft>) => {
    setDraft((before) => ({ ...before, ...part }));
    setRefusal(null);
  };
  return { draft, set, errors, refusal, pending, submit };
}
