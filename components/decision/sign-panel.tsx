"use client";

import { useRouter } from "next/navigation";
import { useState, useTransition } from "react";
import type { ReactNode } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { TextArea, TextField } from "#components/ui/field.tsx";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { rejectDecision } from "#lib/actions/reject-decision.ts";
import { signDecision } from "#lib/actions/sign-decision.ts";
import { withdrawDecision } from "#lib/actions/withdraw-decision.ts";
import { TEXT_LIMITS } from "#lib/contracts/inputs.ts";
import type { DecisionView, PersonView } from "#lib/contracts/views.ts";
import { Reasons } from "./reasons.tsx";
import type { Reason } from "./reasons.tsx";
import { SealBand } from "./seal-band.tsx";

type Props = {
  person: PersonView;
  decision: DecisionView;
  meaning: string;
  /** Why this person cannot sign now; empty when they can. */
  reasons: readonly Reason[];
  maySign: boolean;
};

/** The foot of the review: the seal when it is signed, the reasons when it cannot be, else the signature. */
export function SignPanel(props: Props) {
  const { person, decision, reasons, maySign } = props;
  const own = decision.proposer.id === person.id;
  const open = decision.state === "proposed";
  if (!open || decision.signOffs.some((signOff) => signOff.person.id === person.id)) {
    return (
      <Foot>
        <SealBand decision={decision} />
      </Foot>
    );
  }
  if (!maySign || reasons.length > 0) {
    return (
      <Foot>
        {maySign ? (
          <Reasons title="You cannot sign this now" reasons={reasons} />
        ) : (
          <p className="text-dim">
            You can read this decision; signing it is for analysts and leads.
          </p>
        )}
        {own && maySign ? <Withdraw decision={decision} /> : null}
      </Foot>
    );
  }
  return (
    <Foot>
      <SignForm {...props} />
    </Foot>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return <footer className="shrink-0 border-t bg-surface px-6 py-4 lg:px-10">{children}</footer>;
}

function Withdraw({ decision }: { decision: DecisionView }) {
  const act = useSettling();
  return (
    <div className="mt-3 flex items-center justify-end gap-3">
      {act.refused ? <Reasons title="Not withdrawn" reasons={act.refused} /> : null}
      <Button
        pending={act.pending !== null}
        onClick={() => act.run("withdraw", () => withdrawDecision({ decisionId: decision.id }))}
      >
        Withdraw proposal
      </Button>
    </div>
  );
}

function SignForm({ person, decision, meaning }: Props) {
  const [password, setPassword] = useState("");
  const [reason, setReason] = useState("");
  const act = useSettling(() => setPassword(""));
  const shown = { decisionId: decision.id, statementSha256: decision.statementSha256, password };
  const sign = () =>
    act.run("sign", () => signDecision({ ...shown, reason: reason.trim() || null }));
  const reject = () => act.run("reject", () => rejectDecision({ ...shown, reason: reason.trim() }));
  return (
    <form
      aria-label="Sign"
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        sign();
      }}
    >
      {act.refused ? <Reasons title="Not signed" reasons={act.refused} /> : null}
      <p className="text-dim">
        Your signature means: <span className="text-text">{meaning}</span>
      </p>
      <div className="grid grid-cols-1 items-start gap-4 md:grid-cols-[minmax(0,280px)_minmax(0,1fr)_auto]">
        <TextField
          size="lg"
          type="password"
          name="password"
          autoComplete="current-password"
          label="Your password"
          required
          value={password}
          maxLength={TEXT_LIMITS.password}
          error={act.fields.password?.[0]}
          onChange={(event) => setPassword(event.target.value)}
        />
        <TextArea
          label="Reason"
          rows={1}
          className="min-h-9"
          value={reason}
          maxLength={TEXT_LIMITS.reason}
          error={act.fields.reason?.[0]}
          hint="Optional to sign, needed to reject"
          onChange={(event) => setReason(event.target.value)}
        />
        <SignButtons {...{ person, decision, pending: act.pending }} onReject={reject} />
      </div>
    </form>
  );
}

type ButtonsProps = Pick<Props, "person" | "decision"> & {
  pending: SettlingAct | null;
  onReject: () => void;
};

function SignButtons({ person, decision, pending, onReject }: ButtonsProps) {
  return (
    <div className="flex items-center gap-2 md:pt-[22px]">
      <ButtonLink size="lg" tone="quiet" href={`/incidents/${decision.incidentId}`}>
        Leave
      </ButtonLink>
      <Button
        size="lg"
        pending={pending === "reject"}
        disabled={pending === "sign"}
        onClick={onReject}
      >
        Reject
      </Button>
      <Button
        size="lg"
        tone="primary"
        type="submit"
        pending={pending === "sign"}
        disabled={pending === "reject"}
        icon={<SealGlyph className="size-4" />}
      >
        Sign as {ROLE_WORDS[person.role].toLowerCase()}
      </Button>
    </div>
  );
}

type Answer =
  | { ok: true }
  | {
      ok: false;
      code: string;
      message: string;
      reasons?: Reason[];
      fieldErrors?: Record<string, string[]>;
    };

type SettlingAct = "sign" | "reject" | "withdraw";

/** Sends a signature, a rejection or a withdrawal, and keeps every reason of a refusal on the screen. */
function useSettling(always?: () => void) {
  const router = useRouter();
  const [running, start] = useTransition();
  const [act, setAct] = useState<SettlingAct | null>(null);
  const [refused, setRefused] = useState<Reason[] | null>(null);
  const [fields, setFields] = useState<Record<string, string[] | undefined>>({});
  const run = (which: SettlingAct, send: () => Promise<Answer>) => {
    if (running) return;
    setAct(which);
    start(async () => {
      const answer = await send();
      always?.();
      setFields(answer.ok ? {} : (answer.fieldErrors ?? {}));
      setRefused(answer.ok ? null : reasonsOf(answer));
      router.refresh();
    });
  };
  return { pending: running ? act : null, refused, fields, run };
}

function reasonsOf(answer: Extract<Answer, { ok: false }>): Reason[] | null {
  if (answer.reasons?.length) return answer.reasons;
  if (answer.fieldErrors && Object.keys(answer.fieldErrors).length > 0) return null;
  return [{ code: answer.code, sentence: answer.message }];
}
