import { HostileText } from "#components/marks/hostile-text.tsx";
import { ROLE_WORDS } from "#components/marks/person-chip.tsx";
import { SentenceText } from "#components/marks/sentence-text.tsx";
import { utcWords } from "#components/ui/time-words.ts";
import type { DecisionView, SignOffView } from "#lib/contracts/views.ts";
import { contentWords, DECISION_STATE_WORDS, DECISION_WORDS } from "#lib/domain/decision/words.ts";

const VOID_WORDS: Record<NonNullable<SignOffView["void"]>, string> = {
  passkey_revoked: "does not count: the passkey is revoked",
  too_old: "does not count: it is too old",
  signer_changed: "does not count: the signer's account changed",
};

/** What was decided, or waits to be, and who signed. */
export function PaperDecisions({ decisions }: { decisions: readonly DecisionView[] }) {
  return (
    <section aria-label="Decisions">
      <h2 className="mb-1 text-lg font-semibold">Decisions</h2>
      {decisions.length === 0 ? <p>Nothing was decided.</p> : null}
      <ul className="flex flex-col gap-3">
        {decisions.map((decision) => (
          <li key={decision.id} className="flex flex-col gap-0.5">
            <h3 className="font-semibold">
              {DECISION_WORDS[decision.kind]}: {DECISION_STATE_WORDS[decision.state].toLowerCase()}
            </h3>
            <p className="wrap-anywhere">
              <SentenceText sentence={contentWords(decision.content)} />
            </p>
            <p className="text-xs text-dim">
              Proposed by {who(decision.proposer)}, {utcWords(decision.proposedAt)}
              {decision.settledAt ? `; settled ${utcWords(decision.settledAt)}` : ""}
              {decision.breakGlass ? "; by break-glass" : ""}
              {decision.entry ? `; entry ${decision.entry.seq} of the trail` : ""}.
            </p>
            {decision.reasons.map(({ code, sentence }) => (
              <p key={code}>{sentence}</p>
            ))}
            {decision.signOffs.map((signOff) => (
              <SignOff key={signOff.id} signOff={signOff} />
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SignOff({ signOff }: { signOff: SignOffView }) {
  const { outcome, person, assurance, at, reason, void: why } = signOff;
  return (
    <p className="wrap-anywhere">
      {outcome === "approved" ? "Signed" : "Rejected"} by {who(person)}, by {assurance},{" "}
      {utcWords(at)}
      {why ? ` (${VOID_WORDS[why]})` : ""}
      {reason ? (
        <>
          : <HostileText text={reason} />
        </>
      ) : null}
    </p>
  );
}

function who({ name, role }: DecisionView["proposer"]): string {
  return `${name}, ${ROLE_WORDS[role].toLowerCase()}`;
}
