"use client";

import { useState } from "react";
import type { ReactNode } from "react";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import type { signPolicy } from "#lib/actions/policy.ts";
import { TEXT_LIMITS } from "#lib/contracts/inputs.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { PolicyAnswer } from "#lib/contracts/policy-views.ts";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Answer = Awaited<ReturnType<typeof signPolicy>>;

type Props = {
  person: PersonView;
  /** What the signature means, in the signer's words. */
  meaning: string;
  send: (password: string) => Promise<Answer>;
  onSigned: (answer: PolicyAnswer) => void;
  /** Another way on, beside the signature. */
  aside?: ReactNode;
};

/** The password, entered again over the statement that is shown. */
export function PolicySign({ person, meaning, send, onSigned, aside }: Props) {
  const [password, setPassword] = useState("");
  const act = useAsking();
  const sign = async () => {
    const answer = await act.ask(() => send(password));
    setPassword("");
    if (answer?.ok) onSigned(answer.data);
  };
  return (
    <form
      aria-label="Sign"
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
        <TextField
          size="lg"
          type="password"
          name="password"
          autoComplete="current-password"
          label="Your password"
          required
          value={password}
          maxLength={TEXT_LIMITS.password}
          error={act.fields["password"]?.[0]}
          onChange={(event) => setPassword(event.target.value)}
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
            Sign as {ROLE_WORDS[person.role].toLowerCase()}
          </Button>
        </div>
      </div>
    </form>
  );
}
