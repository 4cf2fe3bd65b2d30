"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { previewBulkClosure, proposeBulkClosure } from "#lib/actions/bulk-closure.ts";
import { reached } from "#lib/browser/reached.ts";
import type { BulkPreview } from "#lib/contracts/bulk-views.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { DecisionContent } from "#lib/domain/decision/decision.ts";
import { BulkMembers } from "./bulk-members.tsx";
import { ClosureFields } from "./closure-fields.tsx";
import { policySentence } from "./policy-words.ts";
import { contentOf, emptyDraft } from "./proposal-draft.ts";
import type { DraftErrors, ProposalDraft } from "./proposal-draft.ts";
import { Permitted, Reasons } from "./reasons.tsx";
import type { Reason } from "./reasons.tsx";
import { Waivers } from "./waivers.tsx";

type Props = {
  incidentIds: readonly string[];
  /** What was proposed before, where this is proposed again. */
  again?: DecisionContent & { kind: "closure" };
  onClose: () => void;
  onProposed?: () => void;
};

/** One closure of several incidents: which, as what, and why; those that cannot be closed are left out by name. */
export function BulkClosureDialog(props: Props) {
  const preview = usePreview(props.incidentIds);
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => (open ? undefined : props.onClose())}
      title="Propose closure"
      description={`${incidents(props.incidentIds.length)} by one statement. Nothing happens until a person other than you has signed.`}
    >
      {preview.data ? <BulkForm {...props} preview={preview.data} /> : null}
      {preview.isPending ? <p role="status">Looking at each incident.</p> : null}
      {preview.isError ? (
        <Notice tone="danger">{preview.error.message} Nothing was proposed.</Notice>
      ) : null}
    </Dialog>
  );
}

function usePreview(incidentIds: readonly string[]) {
  return useQuery({
    queryKey: ["bulk-preview", incidentIds],
    queryFn: async () => {
      const answer = await reached(previewBulkClosure({ incidentIds: [...incidentIds] }));
      if (!answer.ok) throw new Error(answer.message);
      return answer.data;
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
}

function BulkForm({ preview, ...props }: Props & { preview: BulkPreview }) {
  const fit = preview.members.filter((member) => member.reasons.length === 0);
  const unfit = preview.members.filter((member) => member.reasons.length > 0);
  const form = useBulkProposal(props, fit);
  const { draft, set } = form;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      {form.refused ? <Reasons title="Not proposed" reasons={form.refused} /> : null}
      {unfit.length > 0 ? (
        <section aria-label="Left out" className="flex flex-col gap-1.5">
          <Notice tone="warn">
            {incidents(unfit.length)} cannot be closed and {unfit.length === 1 ? "is" : "are"} left
            out.
          </Notice>
          <BulkMembers label="Left out" members={unfit} />
        </section>
      ) : null}
      <BulkMembers label="Closed together" members={fit} />
      <ClosureFields
        draft={draft.closure}
        errors={form.errors}
        onChange={(closure) => set({ closure })}
      />
      <TextArea
        label="Why"
        value={draft.reason}
        maxLength={TEXT_LIMITS.reason}
        error={form.errors.reason?.[0]}
        hint="Part of the statement that is signed; it holds for every one of them"
        onChange={(event) => set({ reason: event.target.value })}
      />
      <Waivers
        claims={fit.flatMap((member) => member.unsettledClaims)}
        waived={draft.waived}
        onChange={(waived) => set({ waived })}
      />
      {preview.policy ? <Permitted>{policySentence(preview.policy)}</Permitted> : null}
      <div className="flex justify-end gap-2">
        <Button tone="quiet" onClick={props.onClose}>
          Cancel
        </Button>
        <Button type="submit" tone="primary" pending={form.pending} disabled={fit.length === 0}>
          Propose closure of {incidents(fit.length)}
        </Button>
      </div>
    </form>
  );
}

function useBulkProposal(
  { again, onClose, onProposed }: Pick<Props, "again" | "onClose" | "onProposed">,
  fit: BulkPreview["members"],
) {
  const router = useRouter();
  const cache = useQueryClient();
  const [draft, setDraft] = useState<ProposalDraft>(() => ({
    ...emptyDraft("closure"),
    ...(again ? { reason: again.reason, closure: again } : {}),
  }));
  const [idem, setIdem] = useState(() => crypto.randomUUID());
  const [errors, setErrors] = useState<DraftErrors>({});
  const [refused, setRefused] = useState<Reason[] | null>(null);
  const [pending, start] = useTransition();
  const submit = () => {
    const made = contentOf(draft);
    setErrors("errors" in made ? made.errors : {});
    if ("errors" in made || made.content.kind !== "closure" || pending) return;
    const { reason, classification, classificationReason, determination } = made.content;
    const words = { reason, classification, classificationReason, determination };
    start(async () => {
      const incidentIds = fit.map(({ id }) => id);
      const answer = await reached(
        proposeBulkClosure({
          ...words,
          incidentIds,
          waivedClaimIds: draft.waived,
          idem,
        }),
      );
      if (!answer.ok) {
        // What was refused is stored under this number; the next try is another proposal.
        setIdem(crypto.randomUUID());
        setErrors(answer.fieldErrors ?? {});
        return setRefused(answer.reasons ?? [{ code: answer.code, sentence: answer.message }]);
      }
      toast.done(`Closure of ${incidents(incidentIds.length)} proposed`);
      onProposed?.();
      onClose();
      void cache.invalidateQueries();
      router.push(`/incidents/${answer.data.incidentId}/decisions/${answer.data.id}`);
    });
  };
  const set = (part: Partial<ProposalDraft>) => setDraft((before) => ({ ...before, ...part }));
  return { draft, set, errors, refused, pending, submit };
}

function incidents(count: number): string {
  return count === 1 ? "1 incident" : `${count} incidents`;
}
