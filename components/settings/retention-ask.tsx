"use client";

import { useState } from "react";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { toast } from "#components/ui/toast.ts";
import { askErasure, erasureStatement, placeHold } from "#lib/actions/erasures.ts";
import { ERASURE_REASON_MAX } from "#lib/contracts/erasure-inputs.ts";
import { basisWords, LEGAL_BASES, NOT_ERASED } from "#lib/domain/incident/erasure.ts";
import type { LegalBasis } from "#lib/domain/incident/erasure.ts";
import { SignedDialog } from "./signed-dialog.tsx";

type Props = { incident: string; onClose: () => void };

const NO_BASIS = {
  ok: false as const,
  message: "Choose a legal basis.",
  fieldErrors: { legalBasis: ["Choose a legal basis."] },
};
const BASES = LEGAL_BASES.map((value) => ({ value, label: basisWords(value) }));

/** Asks for an erasure, signed: nothing is erased before another person approves. */
export function AskErasure({ incident: given, onClose }: Props) {
  const [incident, setIncident] = useState(given);
  const [legalBasis, setLegalBasis] = useState<LegalBasis | null>(null);
  const [reason, setReason] = useState("");
  const act = useAsking();
  const input = legalBasis === null ? null : { incident, legalBasis, reason };
  return (
    <SignedDialog
      title="Ask for an erasure"
      description={NOT_ERASED}
      meaning="I ask for this to be erased for good, on this legal basis."
      submit="Sign the request"
      done="Asked for; another lead or admin approves it"
      show={async () => (input ? erasureStatement(input) : NO_BASIS)}
      sign={async (signature) => (input ? askErasure({ ...input, ...signature }) : NO_BASIS)}
      onClose={onClose}
      act={act}
    >
      <IncidentField value={incident} errors={act.fields} onChange={setIncident} />
      <SelectField
        label="Legal basis (GDPR)"
        name="legalBasis"
        value={legalBasis}
        options={BASES}
        placeholder="Choose a legal basis"
        error={act.fields["legalBasis"]?.[0]}
        onChange={setLegalBasis}
      />
      <ReasonField
        value={reason}
        errors={act.fields}
        onChange={setReason}
        hint="It becomes part of the statement, and stands on the trail after the erasure too: name nobody in it."
      />
    </SignedDialog>
  );
}

/** Places a hold, at once. */
export function PlaceHold({ incident: given, onClose }: Props) {
  const [incident, setIncident] = useState(given);
  const [reason, setReason] = useState("");
  const act = useAsking();
  const place = async () => {
    const answer = await act.ask(() =>
      placeHold({ incident: incident.trim() === "" ? null : incident, reason }),
    );
    if (!answer?.ok) return;
    toast.done("The hold stands");
    onClose();
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Place a legal hold"
      description="It counts at once: nothing it covers is erased until a lead or an admin lifts it, signed. A hold on everything also stops the retention of loose records."
      submit="Place the hold"
      pending={act.pending}
      onSubmit={() => void place()}
    >
      <Refused reasons={act.refusal} />
      <IncidentField
        value={incident}
        errors={act.fields}
        onChange={setIncident}
        hint="Leave it empty to hold everything."
      />
      <ReasonField value={reason} errors={act.fields} onChange={setReason} />
    </FormDialog>
  );
}

type FieldProps = {
  value: string;
  errors: Record<string, string[] | undefined>;
  onChange: (value: string) => void;
  hint?: string;
};

function IncidentField({ value, errors, onChange, hint }: FieldProps) {
  return (
    <TextField
      label="Incident"
      name="incident"
      value={value}
      maxLength={20}
      placeholder="INC-000123"
      hint={hint}
      error={errors["incident"]?.[0]}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function ReasonField({ value, errors, onChange, hint }: FieldProps) {
  return (
    <TextArea
      label="Reason"
      name="reason"
      rows={3}
      value={value}
      maxLength={ERASURE_REASON_MAX}
      hint={hint}
      error={errors["reason"]?.[0]}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
