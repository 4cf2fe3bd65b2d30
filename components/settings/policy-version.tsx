import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { SignedStatement } from "#components/marks/signed-statement.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { PolicyVersionPageView } from "#lib/contracts/policy-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { policySentences } from "#lib/domain/decision/policy-words.ts";
import { PolicyCompare } from "./policy-compare.tsx";
import { PolicyDifference } from "./policy-difference.tsx";
import { PolicyEnd } from "./policy-end.tsx";
import { PolicyRules } from "./policy-rules.tsx";
import { PolicySecond } from "./policy-second.tsx";
import { PolicyStateBadge, PolicyWaits } from "./policy-state.tsx";

type Props = { version: PolicyVersionPageView; person: PersonView; mayManage: boolean };

/** One version: what it changes, what was signed and by whom, and what can still be done with it. */
export function PolicyVersion({ version, person, mayManage }: Props) {
  const isOpen = version.state === "waiting" || version.state === "scheduled";
  const isMine = version.signatures.some((signature) => signature.person.id === person.id);
  const back = <ButtonLink href="/settings/policy">All versions</ButtonLink>;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-7 px-6 py-6">
        <div className="flex flex-col gap-3">
          <PageHead title={`Policy, version ${version.version}`} action={back}>
            <HostileText text={version.reason} />
          </PageHead>
          <div className="flex items-center gap-2">
            <PolicyStateBadge state={version.state} />
            <PolicyWaits version={version} />
          </div>
          <Ended ended={version.ended} />
        </div>
        <Difference version={version} />
        <Signatures version={version} />
        {version.statement && version.statementSha256 ? (
          <section aria-label="What is signed">
            <SignedStatement
              title="The statement, as it is signed"
              sentences={policySentences(version.statement, version.version)}
              statement={version.statement}
              statementSha256={version.statementSha256}
            />
          </section>
        ) : null}
        <section aria-labelledby="rules" className="flex flex-col gap-2">
          <h2 id="rules" className="text-lg font-semibold">
            Its rules
          </h2>
          <PolicyRules rules={version.rules} label="Rules of this version" />
        </section>
        {mayManage && isOpen ? (
          <section
            aria-label="What you can do"
            className="sticky bottom-0 flex flex-col gap-4 border-t bg-bg py-4"
          >
            {version.state === "waiting" && !isMine ? (
              <PolicySecond version={version} person={person} />
            ) : null}
            {version.state === "waiting" && isMine ? (
              <p className="text-dim">You signed it; the second signature is another admin's.</p>
            ) : null}
            <PolicyEnd
              version={version.version}
              act={version.state === "waiting" && !isMine ? "Refuse" : "Withdraw"}
            />
          </section>
        ) : null}
      </div>
    </div>
  );
}

function Ended({ ended }: Pick<PolicyVersionPageView, "ended">) {
  if (!ended) return null;
  return (
    <Notice>
      It never took effect: ended <ExactTime at={ended.at} />{" "}
      {ended.by ? (
        <>
          by {ended.by.name}. <HostileText text={ended.reason ?? ""} />
        </>
      ) : (
        "when another policy came in force, with which it was not compared."
      )}
    </Notice>
  );
}

function Difference({ version }: { version: PolicyVersionPageView }) {
  const { against } = version;
  return (
    <section aria-labelledby="difference" className="flex flex-col gap-3">
      <div className="flex items-end justify-between gap-4">
        <h2 id="difference" className="text-lg font-semibold">
          {against ? `What changes from version ${against.version}` : "The first version"}
        </h2>
        <PolicyCompare
          version={version.version}
          against={against?.version ?? null}
          versions={version.versions}
        />
      </div>
      {against ? (
        <PolicyDifference
          before={against.rules}
          after={version.rules}
          label="What changes"
          weakens={against.version === version.base && version.weakens}
        />
      ) : null}
    </section>
  );
}

function Signatures({ version }: { version: PolicyVersionPageView }) {
  if (version.signatures.length === 0) return null;
  return (
    <section aria-labelledby="signatures" className="flex flex-col gap-2">
      <h2 id="signatures" className="text-lg font-semibold">
        Signatures
      </h2>
      <ul className="flex flex-col gap-1.5">
        {version.signatures.map(({ person, at }) => (
          <li key={person.id} className="flex items-center gap-2">
            <PersonChip name={person.name} role={person.role} />
            <span className="text-dim">
              with the password, <ExactTime at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
