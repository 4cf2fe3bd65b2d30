import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { SeverityMark } from "#components/marks/severity-mark.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { SlaPageView, SlaVersionView } from "#lib/contracts/sla.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { minutesText, SLA_CLOCKS } from "#lib/domain/incident/sla.ts";
import { CLOCK_WORDS, SEVERITY_WORDS } from "#lib/domain/incident/words.ts";
import { SetClocks } from "./set-clocks.tsx";

type Props = { page: SlaPageView; mayManage: boolean; isFirst: boolean };

/** How long an incident may wait, by severity, and how it came to that. */
export function Clocks({ page, mayManage, isFirst }: Props) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-7 px-6 py-6">
        <PageHead
          title="Service clocks"
          action={mayManage ? <SetClocks inForce={page.inForce} /> : undefined}
        >
          How long an incident may wait until somebody takes it, and until somebody judges it. An
          incident keeps the clocks that were in force when it opened.
        </PageHead>
        <section aria-labelledby="in-force" className="flex flex-col gap-3">
          <h2 id="in-force" className="text-lg font-semibold">
            In force: version {page.inForce.version}
          </h2>
          <InForce inForce={page.inForce} />
        </section>
        <section aria-labelledby="versions" className="flex flex-col gap-2 pb-8">
          <h2 id="versions" className="text-lg font-semibold">
            Versions
          </h2>
          <Versions versions={page.history} />
          <nav aria-label="Pages" className="flex gap-2">
            {isFirst ? null : <ButtonLink href="/settings/clocks">Newest</ButtonLink>}
            {page.before === null ? null : (
              <ButtonLink href={`/settings/clocks?before=${page.before}`}>Older</ButtonLink>
            )}
          </nav>
        </section>
      </div>
    </div>
  );
}

function InForce({ inForce }: Pick<SlaPageView, "inForce">) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label="Clocks in force">
        <thead>
          <tr>
            <Th className="pl-0">Severity</Th>
            {SLA_CLOCKS.map((clock) => (
              <Th key={clock}>{CLOCK_WORDS[clock]} within</Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SEVERITIES.toReversed().map((severity) => (
            <Tr key={severity}>
              <Td className="pl-0">
                <SeverityMark severity={severity} />
              </Td>
              {SLA_CLOCKS.map((clock) => (
                <Td key={clock} className="tabular-nums">
                  {minutesText(inForce.minutes[clock][severity])}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}

function Versions({ versions }: { versions: readonly SlaVersionView[] }) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label="Versions of the clocks">
        <thead>
          <tr>
            <Th className="pl-0">Version</Th>
            <Th>From</Th>
            <Th>By</Th>
            <Th>Why</Th>
            {SEVERITIES.toReversed().map((severity) => (
              <Th key={severity} className="last:pr-0">
                {SEVERITY_WORDS[severity]}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <Tr key={version.version}>
              <Td className="pl-0 tabular-nums">{version.version}</Td>
              <Td className="whitespace-nowrap text-dim">
                {version.by ? <ExactTime at={version.at} /> : "the beginning"}
              </Td>
              <Td className="whitespace-nowrap">
                {version.by ? (
                  <PersonChip name={version.by.name} role={version.by.role} />
                ) : (
                  <span className="text-dim">installed</span>
                )}
              </Td>
              <Td className="max-w-[420px] min-w-48 py-1.5">
                <HostileText text={version.reason} />
              </Td>
              {SEVERITIES.toReversed().map((severity) => (
                <Td key={severity} className="whitespace-nowrap tabular-nums last:pr-0">
                  {SLA_CLOCKS.map((clock) => minutesText(version.minutes[clock][severity])).join(
                    " / ",
                  )}
                </Td>
              ))}
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}
