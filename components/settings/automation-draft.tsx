"use client";

import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { signAutomation } from "#lib/actions/automation.ts";
import type { AutomationVersionView } from "#lib/contracts/automation-views.ts";
import { RulesOf } from "./automation-rules.tsx";
import { PasswordSign } from "./password-sign.tsx";

type Props = { draft: AutomationVersionView; personId: string; mayManage: boolean };

/** Rules that count for nothing yet: what they say, who signed, who must. */
export function AutomationDraft({ draft, personId, mayManage }: Props) {
  const missing = draft.needed - draft.signers.length;
  const hasSigned = draft.signers.some(({ id }) => id === personId);
  return (
    <section
      aria-label={`Draft, version ${draft.version}`}
      className="flex flex-col gap-4 rounded-panel border border-l-2 border-l-accent bg-surface px-5 py-4"
    >
      <div className="flex flex-col gap-0.5">
        <h2 className="text-lg font-semibold">
          Version {draft.version} waits for{" "}
          {missing === 1 ? "one signature" : `${missing} signatures`}
        </h2>
        <p className="text-dim">
          It counts for nothing until {draft.needed === 1 ? "an admin has" : "two admins have"}{" "}
          signed it, and falls away a day after it was written.
        </p>
      </div>
      <RulesOf version={draft} />
      {mayManage && !hasSigned ? <Sign draft={draft} /> : null}
      {hasSigned ? <p className="text-dim">You have signed; another admin must.</p> : null}
    </section>
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
            data.state === "in_force"
              ? `Version ${version} is in force`
              : "Signed; another admin must sign too",
          )
        }
      />
    </div>
  );
}
