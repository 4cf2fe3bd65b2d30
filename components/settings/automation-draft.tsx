"use client";

import { useState } from "react";
import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { toast } from "#components/ui/toaster.tsx";
import { signAutomation } from "#lib/actions/automation.ts";
import type { AutomationVersionView } from "#lib/contracts/automation-views.ts";
import { TEXT_LIMITS } from "#lib/contracts/inputs.ts";
import { RulesOf } from "./automation-rules.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

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
  const [password, setPassword] = useState("");
  const act = useAsking();
  const sign = async () => {
    const { version, statementSha256 } = draft;
    const answer = await act.ask(() => signAutomation({ version, statementSha256, password }));
    setPassword("");
    if (!answer?.ok) return;
    toast.done(
      answer.data.state === "in_force"
        ? `Version ${version} is in force`
        : "Signed; another admin must sign too",
    );
  };
  return (
    <form
      method="post"
      aria-label={`Sign version ${draft.version}`}
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void sign();
      }}
    >
      <SignedStatement
        title="The statement, as it will be signed"
        sentences={null}
        statement={draft.statement}
        statementSha256={draft.statementSha256}
      />
      <Refused reasons={act.refusal} />
      <p className="text-dim">
        Your signature means:{" "}
        <span className="text-text">
          I have read these rules, and I answer for what they let run without a person.
        </span>
      </p>
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-80">
          <TextField
            type="password"
            name="password"
            size="lg"
            autoComplete="current-password"
            label="Your password"
            required
            value={password}
            maxLength={TEXT_LIMITS.password}
            error={act.fields["password"]?.[0]}
            onChange={(event) => setPassword(event.target.value)}
          />
        </div>
        <Button
          size="lg"
          tone="primary"
          type="submit"
          pending={act.pending}
          icon={<SealGlyph className="size-4" />}
        >
          Sign as admin
        </Button>
      </div>
    </form>
  );
}
