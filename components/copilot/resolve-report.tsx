"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { resolveReport } from "#lib/actions/reports.ts";
import { reached } from "#lib/browser/reached.ts";
import { REPORT_TEXT_MAX } from "#lib/contracts/limits.ts";
import {
  REPORT_KIND_WORDS,
  REPORT_OUTCOMES,
  REPORT_OUTCOME_WORDS,
} from "#lib/domain/copilot/report.ts";
import type { ReportKind, ReportOutcome } from "#lib/domain/copilot/report.ts";

const OUTCOMES = REPORT_OUTCOMES.map((outcome) => ({
  value: outcome,
  label: REPORT_OUTCOME_WORDS[outcome],
}));

/** A lead says what came of a report, once. */
export function ResolveReport({ reportId, kind }: { reportId: string; kind: ReportKind }) {
  const [open, setOpen] = useState(false);
  const act = useResolution(reportId, () => setOpen(false));
  return (
    <FormDialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button size="sm">Settle</Button>}
      title="Settle the report"
      description={`Reported as: ${REPORT_KIND_WORDS[kind]}. Your word stays beside it and goes on the trail.`}
      submit="Settle report"
      pending={act.pending}
      onSubmit={act.submit}
    >
      <SelectField
        label="What came of it"
        value={act.outcome}
        options={OUTCOMES}
        error={act.errors["outcome"]?.[0]}
        onChange={act.setOutcome}
      />
      <TextArea
        label="What was found, and what was done"
        name="text"
        rows={4}
        value={act.text}
        maxLength={REPORT_TEXT_MAX}
        error={act.errors["text"]?.[0]}
        onChange={(event) => act.setText(event.target.value)}
      />
      {act.refusal ? <Notice tone="danger">{act.refusal}</Notice> : null}
    </FormDialog>
  );
}

function useResolution(reportId: string, onDone: () => void) {
  const router = useRouter();
  const [outcome, setOutcome] = useState<ReportOutcome | null>(null);
  const [text, setText] = useState("");
  const [errors, setErrors] = useState<Record<string, string[]>>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const submit = () => {
    if (pending) return;
    if (outcome === null) return setErrors({ outcome: ["Choose what came of it."] });
    start(async () => {
      const result = await reached(resolveReport({ reportId, outcome, text }));
      if (!result.ok) {
        setErrors(result.fieldErrors ?? {});
        setRefusal(result.fieldErrors ? null : result.message);
        return;
      }
      toast.done("The report is settled");
      onDone();
      router.refresh();
    });
  };
  return { outcome, setOutcome, text, setText, errors, refusal, pending, submit };
}
