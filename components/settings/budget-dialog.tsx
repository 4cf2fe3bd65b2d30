"use client";

import { useState } from "react";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { setBudget } from "#lib/actions/set-budget.ts";
import { setBudgetInput } from "#lib/contracts/copilot-inputs.ts";
import { COPILOT_LIMITS } from "#lib/contracts/limits.ts";
import type { BudgetView } from "#lib/contracts/copilot-views.ts";
import { dollarText, microOf } from "./model-words.ts";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

const FIELDS = [
  ["run", "runMicro", "One run"],
  ["incident", "incidentMicro", "One incident"],
  ["day", "dayMicro", "One day (UTC)"],
  ["all", "allMicro", "In all"],
] as const;
type Amount = (typeof FIELDS)[number][1];

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  budgets: readonly BudgetView[];
};

export function BudgetDialog({ open, onOpenChange, budgets }: Props) {
  const [amounts, setAmounts] = useState(() => textsOf(budgets));
  const [reason, setReason] = useState("");
  const [errors, setErrors] = useState<Record<string, string | undefined>>({});
  const act = useAsking();
  const save = async () => {
    const parsed = setBudgetInput.safeParse({ ...microsOf(amounts), reason });
    setErrors(parsed.success ? {} : firstErrors(parsed.error.issues));
    if (!parsed.success) return;
    const answer = await act.ask(() => setBudget(parsed.data));
    if (!answer?.ok) return;
    onOpenChange(false);
    toast.done("The limits are set");
  };
  return (
    <FormDialog
      open={open}
      onOpenChange={onOpenChange}
      title="Set limits"
      description="They hold from the next call on. What is spent already stays spent."
      submit="Set limits"
      pending={act.pending}
      onSubmit={() => void save()}
    >
      <Refused reasons={act.refusal} />
      <div className="grid grid-cols-2 gap-3">
        {FIELDS.map(([, name, label]) => (
          <TextField
            key={name}
            label={`${label}, in dollars`}
            name={name}
            inputMode="decimal"
            value={amounts[name]}
            error={errors[name] ?? act.fields[name]?.[0]}
            onChange={(event) => setAmounts({ ...amounts, [name]: event.target.value })}
          />
        ))}
      </div>
      <TextArea
        label="Why"
        name="reason"
        rows={2}
        value={reason}
        maxLength={COPILOT_LIMITS.reason}
        error={errors["reason"] ?? act.fields["reason"]?.[0]}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  );
}

function microsOf(amounts: Record<Amount, string>): Record<Amount, number> {
  const entries = FIELDS.map(([, name]) => [name, microOf(amounts[name]) ?? Number.NaN]);
  return Object.fromEntries(entries) as Record<Amount, number>;
}

/** Of several errors of a field the first. */
function firstErrors(issues: readonly { path: PropertyKey[]; message: string }[]) {
  return Object.fromEntries(
    issues.toReversed().map(({ path, message }) => [String(path[0]), message]),
  ) as Record<string, string>;
}

function textsOf(budgets: readonly BudgetView[]): Record<Amount, string> {
  const text = (scope: BudgetView["scope"]) =>
    dollarText(budgets.find((budget) => budget.scope === scope)?.limitMicro ?? 0);
  return {
    runMicro: text("run"),
    incidentMicro: text("incident"),
    dayMicro: text("day"),
    allMicro: text("all"),
  };
}
