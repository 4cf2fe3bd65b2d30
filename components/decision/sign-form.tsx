"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { signWithPasskey } from "#lib/actions/passkeys.ts";
import { rejectDecision } from "#lib/actions/reject-decision.ts";
import { signDecision } from "#lib/actions/sign-decision.ts";
import { signStatement } from "#lib/browser/passkey.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { PasskeyView } from "#lib/contracts/passkey-view.ts";
import type { DecisionView, PersonView } from "#lib/contracts/views.ts";
import { NoPasskey } from "./no-passkey.tsx";
import { Reasons } from "./reasons.tsx";
import type { Reason } from "./reasons.tsx";
import { useSettling, type SettlingAct } from "./use-settling.ts";

export type SignFormProps = {
  person: PersonView;
  decision: DecisionView;
  meaning: string;
  /** The person's own, that may sign. */
  passkeys: readonly PasskeyView[];
  /** Why they cannot approve it now, though they can reject it; empty when they can do both. */
  against: readonly Reason[];
  /** Opens the next record that keeps them from it. */
  onOpenMissing: (() => void) | null;
};

/** The signature itself: by passkey, by the password where the policy lets it, or a rejection. */
export function SignForm(props: SignFormProps) {
  const { person, decision, meaning, passkeys, against } = props;
  const [password, setPassword] = useState("");
  const [reason, setReason] = useState("");
  const act = useSettling(() => setPassword(""));
  const ways = waysOf(decision, passkeys, against);
  const shown = { decisionId: decision.id, statementSha256: decision.statementSha256, password };
  const why = reason.trim() || null;
  const sign = () => act.run("sign", () => signDecision({ ...shown, reason: why }));
  const reject = () => act.run("reject", () => rejectDecision({ ...shown, reason: reason.trim() }));
  const signByPasskey = () =>
    act.run("passkey", async () => {
      const gesture = await signStatement(decision.statement, passkeys);
      if (!gesture.ok) return { ...gesture, code: "passkey_silent" };
      return signWithPasskey({ decisionId: decision.id, ...gesture.made, reason: why });
    });
  return (
    <form
      aria-label="Sign"
      // sent before the page listens, a password must not end in the address
      method="post"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (ways.password) sign();
        else if (ways.passkey) signByPasskey();
      }}
    >
      {act.refused ? <Reasons title="Not signed" reasons={act.refused} /> : null}
      {against.length > 0 ? <NotYet reasons={against} onOpenMissing={props.onOpenMissing} /> : null}
      {ways.password || ways.passkey || against.length > 0 ? null : (
        <NoPasskey instead="You can still reject." />
      )}
      {against.length > 0 ? null : (
        <p className="text-dim">
          Your signature means: <span className="text-text">{meaning}</span>
        </p>
      )}
      <div className="grid grid-cols-1 items-start gap-x-4 gap-y-2 sm:grid-cols-2 md:grid-cols-[minmax(0,280px)_minmax(0,1fr)_auto]">
        <PasswordField
          {...{ password, ways, error: act.fields.password?.[0], onChange: setPassword }}
        />
        <TextArea
          label="Reason"
          rows={1}
          className="min-h-9"
          value={reason}
          maxLength={TEXT_LIMITS.reason}
          error={act.fields.reason?.[0]}
          hint={against.length > 0 ? "Needed to reject" : "Optional to sign, needed to reject"}
          onChange={(event) => setReason(event.target.value)}
        />
        <SignButtons
          {...{ person, decision, ways, pending: act.pending }}
          onReject={reject}
          onPasskey={signByPasskey}
        />
      </div>
    </form>
  );
}

/** By what this person can sign this decision; neither where the policy asks for a passkey and they have none. */
type Ways = { password: boolean; passkey: boolean };

function waysOf(
  { needs }: DecisionView,
  passkeys: readonly PasskeyView[],
  against: readonly Reason[],
): Ways {
  if (against.length > 0) return { password: false, passkey: false };
  return { password: needs?.assurance !== "passkey", passkey: passkeys.length > 0 };
}

/** What keeps a person from approving who may still reject; and the way to it where it is evidence. */
function NotYet({
  reasons,
  onOpenMissing,
}: {
  reasons: readonly Reason[];
  onOpenMissing: (() => void) | null;
}) {
  const isEvidence = reasons.some(({ code }) => code === "evidence_not_opened");
  return (
    <div className="flex flex-wrap items-center gap-3">
      <div className="min-w-0 flex-1">
        <Reasons title="You cannot approve this yet; you can reject it" reasons={reasons} quiet />
      </div>
      {isEvidence && onOpenMissing ? (
        <Button onClick={onOpenMissing}>Open the next one</Button>
      ) : null}
    </div>
  );
}

type PasswordProps = {
  password: string;
  ways: Ways;
  error: string | undefined;
  onChange: (password: string) => void;
};

/** A rejection is the safe way out, so that the password is enough for it under any policy. */
function PasswordField({ password, ways, error, onChange }: PasswordProps) {
  return (
    <TextField
      size="lg"
      type="password"
      name="password"
      autoComplete="current-password"
      label={ways.password ? "Your password" : "Password to reject"}
      required={ways.password}
      value={password}
      maxLength={TEXT_LIMITS.password}
      error={error}
      hint={ways.passkey ? "Not needed with a passkey" : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

type ButtonsProps = Pick<SignFormProps, "person" | "decision"> & {
  ways: Ways;
  pending: SettlingAct | null;
  onReject: () => void;
  onPasskey: () => void;
};

function SignButtons({ person, decision, ways, pending, onReject, onPasskey }: ButtonsProps) {
  const button = (act: SettlingAct) => ({
    size: "lg" as const,
    pending: pending === act,
    disabled: pending !== null && pending !== act,
  });
  return (
    <div className="flex flex-wrap items-center gap-2 sm:col-span-2 md:col-span-1 md:pt-[22px]">
      <ButtonLink size="lg" tone="quiet" href={`/incidents/${decision.incidentId}`}>
        Leave
      </ButtonLink>
      <Button {...button("reject")} onClick={onReject}>
        Reject
      </Button>
      {ways.password ? (
        <Button
          {...button("sign")}
          tone={ways.passkey ? "default" : "primary"}
          type="submit"
          icon={<SealGlyph className="size-4" />}
        >
          Sign as {ROLE_WORDS[person.role].toLowerCase()}
        </Button>
      ) : null}
      {ways.passkey ? (
        <Button
          {...button("passkey")}
          tone="primary"
          icon={<KeyRound className="size-4" strokeWidth={1.5} aria-hidden />}
          onClick={onPasskey}
        >
          Sign with passkey
        </Button>
      ) : null}
    </div>
  );
}
