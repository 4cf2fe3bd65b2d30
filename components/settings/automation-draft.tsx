"use client";

import { useNow } from "#components/ui/clock.tsx";
import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { countdownWords } from "#components/ui/time-words.ts";
import { toast } from "#components/ui/toast.ts";
import { signAutomation, withdrawAutomation } from "#lib/actions/automation.ts";
import { AUTOMATION_REASON_MAX } from "#lib/contracts/automation-inputs.ts";
import type { AutomationVersionView } from "#lib/contracts/automation-views.ts";
import { EndVersion } from "./end-version.tsx";
import { RulesOf } from "./automation-rules.tsx";
import { PasswordSign } from "./password-sign.tsx";

type Props = { draft: AutomationVersionView; personId: string; mayManage: boolean };

/** Rules that count for nothing yet: what they say, who signed, who must, and when they will. */
export function AutomationDraft({ draft, personId, mayManage }: Props) {
  const missing = draft.needed - draft.signers.length;
  const isSigned = draft.effectiveAt !== null;
  const hasSigned = draft.signers.some(({ id }) => id === personId);
  return (
    <section
      aria-label={`Draft, version ${draft.version}`}
      className="flex flex-col gap-4 rounded-panel border border-l-2 border-l-accent bg-surface px-5 py-4"
    >
      <div className="flex flex-col gap-0.5">
        <h2 className="text-lg font-semibold">
          {isSigned
            ? `Version ${draft.version} waits for its time`
            : `Version ${draft.version} waits for ${missing === 1 ? "one signature" : `${missing} signatures`}`}
        </h2>
        <p className="text-dim">
          {draft.effectiveAt !== null ? (
            <TakesEffect at={draft.effectiveAt} />
          ) : (
            `It counts for nothing until ${draft.needed === 1 ? "an admin has" : "two admins have"} signed it, and falls away a day after it was written.`
          )}
        </p>
        {draft.weakens && !isSigned ? (
          <p>
            It lets more run by itself than the rules in force, so once signed it waits for a day
            before it takes effect.
          </p>
        ) : null}
      </div>
      <RulesOf version={draft} />
      {mayManage && !hasSigned && !isSigned ? <Sign draft={draft} /> : null}
      {hasSigned && !isSigned ? (
        <p className="text-dim">You have signed; another admin must.</p>
      ) : null}
      {mayManage ? (
        <EndVersion
          version={draft.version}
          act="Withdraw"
          stays="The rules in force stay as they are."
          reasonMax={AUTOMATION_REASON_MAX}
          end={withdrawAutomation}
        />
      ) : null}
    </section>
  );
}

function TakesEffect({ at }: { at: string }) {
  const left = Date.parse(at) - useNow();
  return (
    <>
      It takes effect <ExactTime at={at} />,{" "}
      <span className="tabular-nums">
        {left > 0 ? `in ${countdownWords(left)}` : "now: load the page anew"}
      </span>
      . Until then any admin can withdraw it.
    </>
  );
}

function Sign({ draft }: { draft: AutomationVersionView }) {
  const { version, statement, statementSha256 } = draft;
  return (
    <div className="flex flex-col gap-3">
      <SignedStatement
        title="The statement, as it will be signed"
        sentences={null}
        statement={statement}
        statementSha256={statementSha256}
      />
      <PasswordSign
        label={`Sign version ${version}`}
        as="admin"
        meaning="I have read these rules, and I answer for what they let run without a person."
        send={(password) => signAutomation({ version, statementSha256, password })}
        onSigned={({ data }) =>
          toast.done(
            {
              in_force: `Version ${version} is in force`,
              scheduled: `Version ${version} has its signatures and waits for a day`,
              proposed: "Signed; another admin must sign too",
            }[data.state],
          )
        }
      />
    </div>
  );
}
