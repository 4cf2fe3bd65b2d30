import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { PlaybookPageView } from "#lib/contracts/playbooks.ts";
import { typeWords } from "#lib/domain/decision/policy-words.ts";
import type { PlaybookStep } from "#lib/domain/incident/playbook.ts";
import { ChangePlaybook } from "./playbook-editor.tsx";
import { fitWords, playbookHref, stepsWords } from "./playbook-words.ts";
import { RetirePlaybook } from "./retire-playbook.tsx";

type Props = { page: PlaybookPageView; personId: string; mayWrite: boolean; isFirst: boolean };

/** One playbook as a version of it says, and how it came to that. */
export function Playbook({ page, personId, mayWrite, isFirst }: Props) {
  const { name, newest, shown } = page;
  const isNewest = shown.version === newest;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-7 px-6 py-6">
        <div className="flex flex-col gap-1">
          <Link
            href="/settings/playbooks"
            className="text-xs text-dim underline-offset-2 hover:underline"
          >
            Playbooks
          </Link>
          <PageHead
            title={name}
            action={
              mayWrite && isNewest && shown.steps.length > 0 ? (
                <RetirePlaybook name={name} newest={newest} before={shown} />
              ) : undefined
            }
          >
            For {fitWords(shown.incidentTypes)}, rank {shown.rank}.{" "}
            {isNewest ? `Version ${newest}.` : `Version ${shown.version} of ${newest}.`}
          </PageHead>
          {isNewest ? null : (
            <Notice
              action={
                <ButtonLink size="sm" href={playbookHref(name)}>
                  Show version {newest}
                </ButtonLink>
              }
            >
              An earlier version. What is offered is version {newest}.
            </Notice>
          )}
          {isNewest && shown.steps.length === 0 ? (
            <Notice>
              Retired: it is offered for no incident. Tasks that were made from it stay.
            </Notice>
          ) : null}
        </div>
        {mayWrite ? (
          <ChangePlaybook key={shown.version} {...{ name, newest, personId }} shown={shown} />
        ) : null}
        {shown.steps.length > 0 ? <Steps steps={shown.steps} /> : null}
        <section aria-labelledby="versions" className="flex flex-col gap-2 pb-8">
          <h2 id="versions" className="text-lg font-semibold">
            Versions
          </h2>
          <Versions page={page} />
          <nav aria-label="Pages" className="flex gap-2">
            {isFirst ? null : <ButtonLink href={playbookHref(name)}>Newest</ButtonLink>}
            {page.before === null ? null : (
              <ButtonLink href={playbookHref(name, { before: page.before })}>Older</ButtonLink>
            )}
          </nav>
        </section>
      </div>
    </div>
  );
}

function Steps({ steps }: { steps: readonly PlaybookStep[] }) {
  return (
    <section aria-labelledby="steps" className="flex flex-col gap-2">
      <h2 id="steps" className="text-lg font-semibold">
        Steps
      </h2>
      <ol aria-label="Steps" className="flex flex-col divide-y border-y">
        {steps.map((step, index) => (
          <li key={index} className="grid grid-cols-[2rem_minmax(0,1fr)_auto] gap-x-2 py-2">
            <span aria-hidden className="record text-dim">
              {index + 1}
            </span>
            <span className="min-w-0">
              <HostileText text={step.title} />
              {step.details ? (
                <span className="block max-w-[760px] text-dim">
                  <HostileText text={step.details} lines />
                </span>
              ) : null}
            </span>
            {step.tactic ? (
              <span className="text-xs text-dim">{typeWords(step.tactic)}</span>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Versions({ page: { name, shown, history } }: { page: PlaybookPageView }) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label="Versions of the playbook">
        <thead>
          <tr>
            <Th className="pl-0">Version</Th>
            <Th>From</Th>
            <Th>By</Th>
            <Th>Steps</Th>
            <Th className="pr-0">Why</Th>
          </tr>
        </thead>
        <tbody>
          {history.map(({ version, by, at, reason, steps }) => (
            <Tr key={version}>
              <Td className="pl-0 tabular-nums">
                <Link
                  href={playbookHref(name, { version })}
                  aria-current={version === shown.version ? "true" : undefined}
                  aria-label={`Version ${version}`}
                  className="underline underline-offset-2 aria-current:font-semibold"
                >
                  {version}
                </Link>
              </Td>
              <Td className="whitespace-nowrap text-dim">
                {by ? <ExactTime at={at} /> : "the beginning"}
              </Td>
              <Td className="whitespace-nowrap">
                {by ? (
                  <PersonChip name={by.name} role={by.role} />
                ) : (
                  <span className="text-dim">installed</span>
                )}
              </Td>
              <Td className="whitespace-nowrap">{stepsWords(steps)}</Td>
              <Td className="min-w-48 py-1.5 pr-0">
                <HostileText text={reason} />
              </Td>
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}
