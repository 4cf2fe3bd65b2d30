import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { PlaybookRow } from "#lib/contracts/playbooks.ts";
import { NewPlaybook } from "./playbook-editor.tsx";
import { fitWords, playbookHref } from "./playbook-words.ts";

type Props = { playbooks: readonly PlaybookRow[]; personId: string; mayWrite: boolean };

/** Every playbook of the desk as its newest version says. */
export function Playbooks({ playbooks, personId, mayWrite }: Props) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-7 px-6 py-6">
        <PageHead title="Playbooks">
          What this desk does with incidents of some types, step by step. Whoever works an incident
          starts one for its tasks. A later version changes nothing that was begun.
        </PageHead>
        {mayWrite ? <NewPlaybook personId={personId} /> : null}
        <div className="overflow-x-auto border-t">
          <DataTable aria-label="Playbooks">
            <thead>
              <tr>
                <Th className="pl-0">Name</Th>
                <Th>For incidents of type</Th>
                <Th className="text-right">Rank</Th>
                <Th className="text-right">Steps</Th>
                <Th className="text-right">Version</Th>
                <Th>By</Th>
                <Th className="pr-0">Written</Th>
              </tr>
            </thead>
            <tbody>
              {playbooks.map((playbook) => (
                <Row key={playbook.name} playbook={playbook} />
              ))}
            </tbody>
          </DataTable>
        </div>
      </div>
    </div>
  );
}

function Row({ playbook }: { playbook: PlaybookRow }) {
  const { name, incidentTypes, rank, steps, version, by, at } = playbook;
  return (
    <Tr>
      <Td className="pl-0">
        <span className="flex items-center gap-2">
          <Link
            href={playbookHref(name)}
            className="font-medium underline-offset-2 hover:underline focus-visible:underline"
          >
            <HostileText text={name} />
          </Link>
          {steps === 0 ? <Badge>Retired</Badge> : null}
        </span>
      </Td>
      <Td className="min-w-48 text-dim">{fitWords(incidentTypes)}</Td>
      <Td numeric>{rank}</Td>
      <Td numeric>{steps}</Td>
      <Td numeric>{version}</Td>
      <Td className="whitespace-nowrap">
        {by ? (
          <PersonChip name={by.name} role={by.role} />
        ) : (
          <span className="text-dim">installed</span>
        )}
      </Td>
      <Td className="pr-0 whitespace-nowrap text-dim">{by ? <RelativeTime at={at} /> : "–"}</Td>
    </Tr>
  );
}
