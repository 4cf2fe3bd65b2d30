"use client";

import { useState, useTransition } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { fileReport } from "#lib/actions/reports.ts";
import { reached } from "#lib/browser/reached.ts";
import { REPORT_TEXT_MAX } from "#lib/contracts/limits.ts";
import type { ReportedClaim } from "#lib/contracts/report-inputs.ts";
import { REPORT_KINDS, REPORT_KIND_WORDS } from "#lib/domain/copilot/report.ts";
import type { ReportKind } from "#lib/domain/copilot/report.ts";

type Props = { of: ReportedClaim; text: string; onClose: () => void };
type Errors = Partial<Record<"kind" | "text" | "form", string>>;

const KINDS = REPORT_KINDS.map((kind) => ({ value: kind, label: REPORT_KIND_WORDS[kind] }));

/** A claim of the model goes into the register, for a lead to look at. The claim itself stays as it is. */
export function ReportDialog({ of, text: claim, onClose }: Props) {
  const report = useReport({ of, onClose });
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Report the claim"
      description="A lead looks at it and says what came of it. The claim stays as it is; both words stand on the trail."
      submit="Report claim"
      pending={report.pending}
      onSubmit={report.submit}
    >
      <div className="max-h-40 overflow-y-auto rounded-control bg-sunken px-3 py-2">
        <HostileText text={claim} />
      </div>
      <SelectField
        label="What is the matter"
        value={report.kind}
        options={KINDS}
        error={report.errors.kind}
        onChange={report.setKind}
      />
      <TextArea
        label="In your words"
        name="text"
        rows={4}
        value={report.text}
        maxLength={REPORT_TEXT_MAX}
        error={report.errors.text}
        hint="What it says, what is so, and how you noticed. Leave passwords out."
        onChange={(event) => report.setText(event.target.value)}
      />
      {report.errors.form ? <Notice tone="danger">{report.errors.form}</Notice> : null}
    </FormDialog>
  );
}

function useReport({ of, onClose }: Pick<Props, "of" | "onClose">) {
  const [idem] = useState(() => crypto.randomUUID());
  const [kind, setKind] = useState<ReportKind | null>(null);
  const [text, setText] = useState("");
  const [errors, setErrors] = useState<Errors>({});
  const [pending, start] = useTransition();
  const submit = () => {
    if (pending) return;
    if (kind === null) return setErrors({ kind: "Choose what is the matter." });
    start(async () => {
      const result = await reached(fileReport({ idem, of, kind, text }));
      if (!result.ok) return setErrors(errorsOf(result));
      toast.done("Reported. A lead will look at it.");
      onClose();
    });
  };
  return { kind, setKind, text, setText, errors, pending, submit };
}

function errorsOf(refusal: { message: string; fieldErrors?: Record<string, string[]> }): Errors {
  const { kind, text } = refusal.fieldErrors ?? {};
  if (!kind && !text) return { form: refusal.message };
  return { kind: kind?.[0], text: text?.[0] };
}
