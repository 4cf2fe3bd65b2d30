"use client";

import { useState } from "react";
import type { ReactNode } from "react";
import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { Refused } from "./refused.tsx";
import type { useAsking } from "./use-asking.ts";
import { TextField } from "#components/ui/field.tsx";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";

type Shown = { statement: string; statementSha256: string };
type Refusal = {
  ok: false;
  message: string;
  reasons?: { code: string; sentence: string }[];
  fieldErrors?: Record<string, string[]>;
};
export type Signature = { statementSha256: string; password: string };

type Props = {
  title: string;
  description: string;
  /** What the signature means, in the first person. */
  meaning: string;
  submit: string;
  tone?: "primary" | "danger";
  done: string;
  act: ReturnType<typeof useAsking>;
  /** What the statement is made of. */
  children: ReactNode;
  show: () => Promise<{ ok: true; data: Shown } | Refusal>;
  sign: (signature: Signature) => Promise<{ ok: true } | Refusal>;
  onClose: () => void;
};

/** First what the statement is made of, then the password over that very statement. */
export function SignedDialog(props: Props) {
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState<Shown | null>(null);
  const { act } = props;
  const show = async () => {
    const answer = await act.ask(props.show);
    if (answer?.ok) setShown(answer.data);
  };
  const sign = async ({ statementSha256 }: Shown) => {
    const answer = await act.ask(() => props.sign({ statementSha256, password }));
    setPassword("");
    if (!answer?.ok) return;
    toast.done(props.done);
    props.onClose();
  };
  return (
    <FormDialog
      open
      onOpenChange={(open) => (open ? undefined : props.onClose())}
      title={props.title}
      description={props.description}
      submit={shown ? props.submit : "Show the statement"}
      tone={shown ? props.tone : "primary"}
      pending={act.pending}
      onSubmit={() => void (shown ? sign(shown) : show())}
    >
      <Refused reasons={act.refusal} />
      {shown ? (
        <>
          <SignedStatement
            title="The statement, as it will be signed"
            sentences={null}
            statement={shown.statement}
            statementSha256={shown.statementSha256}
          />
          <p className="text-dim">
            Your signature means: <span className="text-text">{props.meaning}</span>
          </p>
          <TextField
            type="password"
            name="password"
            label="Your password"
            autoComplete="current-password"
            autoFocus
            value={password}
            maxLength={TEXT_LIMITS.password}
            error={act.fields["password"]?.[0]}
            onChange={(event) => setPassword(event.target.value)}
          />
        </>
      ) : (
        props.children
      )}
    </FormDialog>
  );
}
