"use client";

import { useRef, useState } from "react";
import type { ReactNode } from "react";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import type { Role } from "#lib/domain/people/permissions.ts";
import { PasswordField } from "./password-field.tsx";
import { Refused } from "./refused.tsx";
import { type Answer, useAsking } from "./use-asking.ts";

type Props<Signed extends Answer> = {
  /** What is signed, for whoever hears the form. */
  label?: string;
  /** The role in which it is signed. */
  as: Role;
  /** What the signature means, in the signer's words. */
  meaning: string;
  send: (password: string) => Promise<Signed>;
  onSigned: (answer: Extract<Signed, { ok: true }>) => void;
  /** The form comes in answer to a press, and the next thing is the password. */
  autoFocus?: boolean;
  /** Another way on, beside the signature. */
  aside?: ReactNode;
};

/** The password, entered again over the statement that is shown. After a refusal the focus is where one goes on. */
export function PasswordSign<Signed extends Answer>(props: Props<Signed>) {
  const { label = "Sign", as, meaning, send, onSigned, autoFocus, aside } = props;
  const [password, setPassword] = useState("");
  const form = useRef<HTMLFormElement>(null);
  const act = useAsking();
  const sign = async () => {
    const answer = await act.ask(() => send(password));
    setPassword("");
    if (answer?.ok) return onSigned(answer as Extract<Signed, { ok: true }>);
    form.current?.querySelector<HTMLInputElement>("input[name=password]")?.focus();
  };
  return (
    <form
      ref={form}
      aria-label={label}
      // sent before the page listens, a password must not land in the address
      method="post"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void sign();
      }}
    >
      <Refused reasons={act.refusal} />
      <p className="text-dim">
        Your signature means: <span className="text-text">{meaning}</span>
      </p>
      <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-[minmax(0,320px)_minmax(0,1fr)]">
        <PasswordField
          size="lg"
          autoFocus={autoFocus}
          password={password}
          error={act.fields["password"]?.[0]}
          onPassword={setPassword}
        />
        <div className="flex items-center gap-2 md:justify-end md:pt-[22px]">
          {aside}
          <Button
            size="lg"
            tone="primary"
            type="submit"
            pending={act.pending}
            icon={<SealGlyph className="size-4" />}
          >
            Sign as {ROLE_WORDS[as].toLowerCase()}
          </Button>
        </div>
      </div>
    </form>
  );
}
