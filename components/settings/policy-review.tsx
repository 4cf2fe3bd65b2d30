"use client";

import { useRouter } from "next/navigation";
import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { Button } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { Notice } from "#components/ui/states.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { toast } from "#components/ui/toast.ts";
import { proposePolicy } from "#lib/actions/policy.ts";
import type { PolicyChangeInput } from "#lib/contracts/policy-inputs.ts";
import type { PolicyPreview } from "#lib/contracts/policy-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { RuleWords } from "#lib/domain/decision/policy-change.ts";
import { minutesWords, policySentences } from "#lib/domain/decision/policy-words.ts";
import { DECISION_WORDS } from "#lib/domain/decision/words.ts";
import { PolicyDifference, WhatChanges } from "./policy-difference.tsx";
import { PasswordSign } from "./password-sign.tsx";

const LISTED = 50;

type Props = {
  person: PersonView;
  before: readonly RuleWords[];
  after: readonly RuleWords[];
  input: PolicyChangeInput;
  preview: PolicyPreview;
  onBack: () => void;
  onProposed: () => void;
};

/** What the draft would do, before anybody signs it; then the statement and the signature. */
export function PolicyReview({ person, before, after, input, preview, onBack, onProposed }: Props) {
  const router = useRouter();
  const { version, statement, statementSha256 } = preview;
  const sentences = policySentences(statement, version);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-7 px-6 py-6">
        <div className="flex flex-col">
          <PageHead
            title={`What version ${version} changes`}
            action={<Button onClick={onBack}>Back to the draft</Button>}
          >
            Read it before you sign. Nothing has changed yet.
          </PageHead>
          <Verdict preview={preview} />
        </div>
        <section aria-labelledby="difference" className="flex flex-col gap-3">
          <h2 id="difference" className="text-lg font-semibold">
            Situation by situation
          </h2>
          <PolicyDifference
            before={before}
            after={after}
            label="What changes"
            weakens={preview.weakens}
          />
        </section>
        <OpenDecisions decisions={preview.decisions} />
        <section aria-label="What is signed">
          <SignedStatement
            title="The statement, as it will be signed"
            sentences={sentences}
            statement={statement}
            statementSha256={statementSha256}
          >
            {sentences ? null : (
              <Notice tone="danger">
                This statement does not speak of this version. Do not sign it; go back to the draft.
              </Notice>
            )}
          </SignedStatement>
        </section>
        <section aria-label="Your signature" className="border-t py-4">
          <PasswordSign
            as={person.role}
            meaning="I have read what changes, and I answer for this policy."
            send={(password) => proposePolicy({ ...input, statementSha256, password })}
            onSigned={({ data: answer }) => {
              onProposed();
              toast.done(
                answer.state === "in_force"
                  ? `Version ${answer.version} is in force`
                  : `Version ${answer.version} waits for a second admin`,
              );
              router.push(`/settings/policy/${answer.version}`);
            }}
          />
        </section>
      </div>
    </div>
  );
}

function Verdict({ preview }: Pick<Props, "preview">) {
  return preview.weakens ? (
    <Notice tone="warn">
      It asks for less somewhere. Two different admins must sign it, and it takes effect{" "}
      {minutesWords(preview.delayMinutes)} after the second signature; until then it can be
      withdrawn.
    </Notice>
  ) : (
    <Notice tone="ok">
      It asks for less nowhere, so it is in force with your signature. Taking any of it back later
      needs two admins and at least a day.
    </Notice>
  );
}

function OpenDecisions({ decisions }: Pick<PolicyPreview, "decisions">) {
  const { open, looked, changed } = decisions;
  return (
    <section aria-labelledby="open-decisions" className="flex flex-col gap-2">
      <h2 id="open-decisions" className="text-lg font-semibold">
        {changed.length === 1
          ? "1 open decision would need something else"
          : `${changed.length} open decisions would need something else`}
      </h2>
      <p className="text-dim">
        Decisions that are open now keep what they were proposed under. This is what each would need
        if it were proposed again under the draft.
        {looked < open
          ? ` Only the newest ${looked} of ${open} open decisions were looked at.`
          : ` ${open} ${open === 1 ? "is" : "are"} open in all.`}
      </p>
      {changed.length === 0 ? null : (
        <div className="overflow-x-auto border-t">
          <DataTable aria-label="Open decisions that would change">
            <thead>
              <tr>
                <Th className="pl-0">Incident</Th>
                <Th>Decision</Th>
                <Th>Proposed under</Th>
                <Th className="pr-0">What would change</Th>
              </tr>
            </thead>
            <tbody>
              {changed.slice(0, LISTED).map((decision) => (
                <Tr key={decision.id}>
                  <Td className="record pl-0 whitespace-nowrap">{decision.incidentNumber}</Td>
                  <Td>{DECISION_WORDS[decision.kind]}</Td>
                  <Td>Version {decision.policyVersion}</Td>
                  <Td className="py-1.5 pr-0">
                    <WhatChanges before={decision.before} after={decision.after} />
                  </Td>
                </Tr>
              ))}
            </tbody>
          </DataTable>
          {changed.length > LISTED ? (
            <p className="pt-2 text-dim">And {changed.length - LISTED} more.</p>
          ) : null}
        </div>
      )}
    </section>
  );
}
