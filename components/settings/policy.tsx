import { Pencil } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import type { PolicyPageView, PolicyVersionView } from "#lib/contracts/policy-views.ts";
import { PolicyRules } from "./policy-rules.tsx";
import { PolicyStateBadge, PolicyWaits } from "./policy-state.tsx";

type Props = { page: PolicyPageView; mayManage: boolean; isFirst: boolean };

/** What every decision on this desk needs, and how it came to that. */
export function Policy({ page, mayManage, isFirst }: Props) {
  const edit = mayManage ? (
    <ButtonLink
      href="/settings/policy/edit"
      tone="primary"
      icon={<Pencil className="size-3.5" strokeWidth={2} aria-hidden />}
    >
      Change the policy
    </ButtonLink>
  ) : null;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-7 px-6 py-6">
        <div className="flex flex-col">
          <PageHead title="Policy" action={edit}>
            What an escalation, a containment, a closure or a reopening needs. Every rule that fits
            adds to what is asked; what no rule fits is refused. How long an incident may wait is
            said by the{" "}
            <Link href="/settings/clocks" className="underline underline-offset-2">
              service clocks
            </Link>
            , what is done with it by the{" "}
            <Link href="/settings/playbooks" className="underline underline-offset-2">
              playbooks
            </Link>
            .
          </PageHead>
          {page.open.map((version) => (
            <Open key={version.version} version={version} />
          ))}
        </div>
        <InForce inForce={page.inForce} />
        <section aria-labelledby="versions" className="flex flex-col gap-2 pb-8">
          <h2 id="versions" className="text-lg font-semibold">
            Versions
          </h2>
          <Versions versions={page.history} />
          <nav aria-label="Pages" className="flex gap-2">
            {isFirst ? null : <ButtonLink href="/settings/policy">Newest</ButtonLink>}
            {page.before === null ? null : (
              <ButtonLink href={`/settings/policy?before=${page.before}`}>Older</ButtonLink>
            )}
          </nav>
        </section>
      </div>
    </div>
  );
}

function Open({ version }: { version: PolicyVersionView }) {
  return (
    <Notice
      tone="warn"
      action={
        <ButtonLink size="sm" href={`/settings/policy/${version.version}`}>
          Read version {version.version}
        </ButtonLink>
      }
    >
      Version {version.version} {version.weakens ? "asks for less. " : ""}
      <PolicyWaits version={version} />
    </Notice>
  );
}

function InForce({ inForce }: Pick<PolicyPageView, "inForce">) {
  if (!inForce) {
    return (
      <EmptyState flush title="No policy is in force">
        Every decision is refused until two admins have signed one.
      </EmptyState>
    );
  }
  return (
    <section aria-labelledby="in-force" className="flex flex-col gap-3">
      <h2 id="in-force" className="text-lg font-semibold">
        In force: version {inForce.version}
      </h2>
      <PolicyRules rules={inForce.rules} label="Rules in force" />
    </section>
  );
}

function Versions({ versions }: { versions: PolicyVersionView[] }) {
  return (
    <div className="overflow-x-auto border-t">
      <DataTable aria-label="Versions of the policy">
        <thead>
          <tr>
            <Th className="pl-0">Version</Th>
            <Th>State</Th>
            <Th>Proposed</Th>
            <Th>By</Th>
            <Th>Why</Th>
            <Th className="pr-0">In force from</Th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <Tr key={version.version}>
              <Td className="pl-0 whitespace-nowrap">
                <Link
                  href={`/settings/policy/${version.version}`}
                  className="underline-offset-2 hover:text-accent hover:underline"
                >
                  Version {version.version}
                </Link>
              </Td>
              <Td>
                <PolicyStateBadge state={version.state} />
              </Td>
              <Td className="whitespace-nowrap text-dim">
                <ExactTime at={version.proposedAt} />
              </Td>
              <Td className="whitespace-nowrap">
                {version.proposedBy ? (
                  <PersonChip name={version.proposedBy.name} role={version.proposedBy.role} />
                ) : (
                  <span className="text-dim">installed</span>
                )}
              </Td>
              <Td className="max-w-[420px] min-w-48 py-1.5">
                <HostileText text={version.reason} />
              </Td>
              <Td className="pr-0 whitespace-nowrap text-dim">
                {version.effectiveAt && !version.ended ? (
                  <ExactTime at={version.effectiveAt} />
                ) : version.ended ? (
                  "never"
                ) : (
                  "not yet"
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}
