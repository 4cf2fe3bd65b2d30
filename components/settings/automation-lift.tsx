"use client";

import { useState } from "react";
import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { liftAutomation, liftStatement } from "#lib/actions/automation.ts";
import { AUTOMATION_REASON_MAX } from "#lib/contracts/automation-inputs.ts";
import type { AutomationStopView } from "#lib/contracts/automation-views.ts";
import { stopWords } from "#lib/domain/decision/automation-words.ts";
import { PasswordField } from "./password-field.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Shown = { statement: string; statementSha256: string };

/** First the reason, of which the statement is made; then the password, over that very statement. */
export function AutomationLift({
  stop,
  onClose,
}: {
  stop: AutomationStopView;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState<Shown | null>(null);
  const act = useAsking();
  const where = stopWords({ ...stop, number: stop.incident?.number ?? null });
  const input = { stopId: stop.id, reason: reason.trim() };
  const show = async () => {
    const answer = await act.ask(() => liftStatement(input));
    if (answer?.ok) setShown(answer.data);
  };
  const sign = async ({ statementSha256 }: Shown) => {
    const answer = await act.ask(() => liftAutomation({ ...input, statementSha256, password }));
    setPassword("");
    if (!answer?.ok) return;
    toast.done("The stop is lifted");
    onClose();
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Lift a stop of automation"
      description={`${where}: what the rules allow runs by itself again, from your signature on.`}
      submit={shown ? "Sign" : "Show the statement"}
      cancel="Leave it stopped"
      pending={act.pending}
      onSubmit={() => void (shown ? sign(shown) : show())}
    >
      <Refused reasons={act.refusal} />
      {shown ? (
        <Signature
          shown={shown}
          password={password}
          error={act.fields["password"]?.[0]}
          onPassword={setPassword}
        />
      ) : (
        <TextArea
          label="Why it may go on"
          name="reason"
          rows={2}
          value={reason}
          maxLength={AUTOMATION_REASON_MAX}
          error={act.fields["reason"]?.[0]}
          hint="It becomes part of the statement."
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </FormDialog>
  );
}

type SignatureProps = {
  shown: Shown;
  password: string;
  error: string | undefined;
  onPassword: (password: string) => void;
};

function Signature({ shown, password, error, onPassword }: SignatureProps) {
  return (
    <>
      <SignedStatement
        title="The statement, as it will be signed"
        sentences={null}
        statement={shown.statement}
        statementSha256={shown.statementSha256}
      />
      <p className="text-dim">
        Your signature means:{" "}
        <span className="text-text">
          I have looked at why it was stopped, and I answer for letting it go on.
        </span>
      </p>
      <PasswordField autoFocus password={password} error={error} onPassword={onPassword} />
    </>
  );
}
