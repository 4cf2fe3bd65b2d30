"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { TextArea } from "#components/ui/field.tsx";
import { toast } from "#components/ui/toast.ts";
import { activateModel, activationStatement as statementOf } from "#lib/actions/activate-model.ts";
import { COPILOT_LIMITS } from "#lib/contracts/limits.ts";
import type { EvaluationView, ModelConfigView } from "#lib/contracts/copilot-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { ShownStatement } from "./activation-statement.tsx";
import { PasswordSign } from "./password-sign.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Props = {
  person: PersonView;
  config: ModelConfigView;
  evaluation: EvaluationView;
  shown: ShownStatement | null;
  onShown: (shown: ShownStatement | null) => void;
};

/** First the reason, of which the statement is made; then the password, over that very statement. */
export function ActivationSignature(props: Props) {
  const [reason, setReason] = useState("");
  const { shown, onShown } = props;
  return (
    <footer className="shrink-0 border-t bg-surface px-6 py-4 lg:px-10">
      {shown ? (
        <Sign {...props} shown={shown} />
      ) : (
        <Reason {...props} reason={reason} onReason={setReason} onShown={onShown} />
      )}
    </footer>
  );
}

type ReasonProps = Props & { reason: string; onReason: (reason: string) => void };

function Reason({ config, evaluation, reason, onReason, onShown }: ReasonProps) {
  const act = useAsking();
  const show = async () => {
    const why = reason.trim();
    const answer = await act.ask(() =>
      statementOf({ configId: config.id, evaluationId: evaluation.id, reason: why }),
    );
    if (answer?.ok) onShown({ ...answer.data, reason: why });
  };
  return (
    <form
      method="post"
      aria-label="Make the statement"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void show();
      }}
    >
      <Refused reasons={act.refusal} />
      <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-[minmax(0,1fr)_auto]">
        <TextArea
          label="Why this model is put in force"
          name="reason"
          rows={1}
          className="min-h-9"
          value={reason}
          maxLength={COPILOT_LIMITS.reason}
          error={act.fields["reason"]?.[0]}
          hint="It becomes part of the statement."
          onChange={(event) => onReason(event.target.value)}
        />
        <div className="flex items-center gap-2 md:pt-[22px]">
          <ButtonLink size="lg" tone="quiet" href={`/models/${config.id}`}>
            Leave
          </ButtonLink>
          <Button size="lg" tone="primary" type="submit" pending={act.pending}>
            Show the statement
          </Button>
        </div>
      </div>
    </form>
  );
}

function Sign({ person, config, evaluation, shown, onShown }: Props & { shown: ShownStatement }) {
  const router = useRouter();
  return (
    <PasswordSign
      as={person.role}
      meaning="I have read the statement and the scores, and I answer for this model being asked."
      autoFocus
      send={(password) =>
        activateModel({
          configId: config.id,
          evaluationId: evaluation.id,
          reason: shown.reason,
          statementSha256: shown.statementSha256,
          password,
        })
      }
      onSigned={() => {
        toast.done(`${config.name} version ${config.version} is in force`);
        router.push("/models");
      }}
      aside={
        <Button size="lg" tone="quiet" onClick={() => onShown(null)}>
          Change the reason
        </Button>
      }
    />
  );
}
