"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { activateModel, activationStatement as statementOf } from "#lib/actions/activate-model.ts";
import { COPILOT_LIMITS } from "#lib/contracts/copilot-inputs.ts";
import type { EvaluationView, ModelConfigView } from "#lib/contracts/copilot-views.ts";
import { TEXT_LIMITS } from "#lib/contracts/inputs.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { ShownStatement } from "./activation-statement.tsx";
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
  const [password, setPassword] = useState("");
  const act = useAsking();
  const sign = async () => {
    const answer = await act.ask(() =>
      activateModel({
        configId: config.id,
        evaluationId: evaluation.id,
        reason: shown.reason,
        statementSha256: shown.statementSha256,
        password,
      }),
    );
    setPassword("");
    if (!answer?.ok) return;
    toast.done(`${config.name} version ${config.version} is in force`);
    router.push("/models");
  };
  return (
    <form
      method="post"
      aria-label="Sign"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void sign();
      }}
    >
      <Refused reasons={act.refusal} />
      <p className="text-dim">
        Your signature means:{" "}
        <span className="text-text">
          I have read the statement and the scores, and I answer for this model being asked.
        </span>
      </p>
      <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-[minmax(0,320px)_minmax(0,1fr)]">
        <TextField
          size="lg"
          type="password"
          name="password"
          autoComplete="current-password"
          label="Your password"
          required
          autoFocus
          value={password}
          maxLength={TEXT_LIMITS.password}
          error={act.fields["password"]?.[0]}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="flex items-center gap-2 md:justify-end md:pt-[22px]">
          <Button size="lg" tone="quiet" onClick={() => onShown(null)}>
            Change the reason
          </Button>
          <Button
            size="lg"
            tone="primary"
            type="submit"
            pending={act.pending}
            icon={<SealGlyph className="size-4" />}
          >
            Sign as {ROLE_WORDS[person.role].toLowerCase()}
          </Button>
        </div>
      </div>
    </form>
  );
}
