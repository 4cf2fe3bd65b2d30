"use client";

import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { withdrawDecision } from "#lib/actions/withdraw-decision.ts";
import type { DecisionView } from "#lib/contracts/views.ts";
import { Reasons } from "./reasons.tsx";
import type { Reason } from "./reasons.tsx";
import { SealBand } from "./seal-band.tsx";
import { SecondReview } from "./second-review.tsx";
import { SignForm, type SignFormProps } from "./sign-form.tsx";
import { useSettling } from "./use-settling.ts";

type Props = Omit<SignFormProps, "against"> & {
  /** Why this person cannot approve now; empty when they can. */
  reasons: readonly Reason[];
  /** Whether they can reject it all the same. */
  mayReject: boolean;
  maySign: boolean;
};

/** The foot of the review: the seal when it is signed, the reasons when it cannot be, else the signature. */
export function SignPanel(props: Props) {
  const { person, decision, reasons, mayReject, maySign } = props;
  const own = decision.proposer.id === person.id;
  const open = decision.state === "proposed";
  if (!open || decision.signOffs.some((signOff) => signOff.person.id === person.id)) {
    return (
      <Foot>
        <SecondReview decision={decision} person={person} />
        <SealBand decision={decision} />
      </Foot>
    );
  }
  if (!maySign || (reasons.length > 0 && !mayReject)) {
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
      <SecondReview decision={decision} person={person} />
      <SignForm {...props} against={reasons} />
      {own ? <Withdraw decision={decision} /> : null}
    </Foot>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return (
    <footer className="flex shrink-0 flex-col gap-3 border-t bg-surface px-6 py-4 lg:px-10">
      {children}
    </footer>
  );
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
