import { FileCheck2 } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { StandingMark } from "#components/marks/standing-mark.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { IncidentNumber } from "#components/ui/incident-number.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import type {
  MovedClaim,
  MovedClaimsPage,
  VerifierReport,
  VersionReport,
} from "#lib/contracts/verifier-report.ts";
import { STANDINGS } from "#lib/domain/summary/claim.ts";
import { PageHead } from "#components/ui/page-head.tsx";

type Props = {
  report: VerifierReport;
  /** The version whose moves are listed. */
  shown: string;
  page: MovedClaimsPage;
  isFirst: boolean;
};

/** What became of stored claims when the rules that judge them changed. */
export function Verifier({ report, shown, page, isFirst }: Props) {
  const version = report.versions.find(({ verifier }) => verifier === shown);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-5 px-6 py-6">
        <PageHead title="Verifier">
          Code, not a model, gives every claim its standing. When that code changes, the summaries
          that stand are judged anew over the same evidence; the earlier word is kept beside the
          later one.
        </PageHead>
        {report.waiting > 0 ? <Progress report={report} /> : null}
        <Versions versions={report.versions} shown={shown} />
        {version ? <Matrix version={version} /> : null}
        {page.claims.length > 0 ? (
          <Moved claims={page.claims} />
        ) : (
          <NothingMoved report={report} shown={shown} />
        )}
        <nav aria-label="Pages" className="flex gap-2">
          {isFirst ? null : <ButtonLink href={address(shown, null)}>Newest</ButtonLink>}
          {page.nextCursor ? (
            <ButtonLink href={address(shown, page.nextCursor)}>Older</ButtonLink>
          ) : null}
        </nav>
      </div>
    </div>
  );
}

function Progress({ report: { waiting, incidents, current } }: { report: VerifierReport }) {
  const done = incidents - waiting;
  return (
    <Notice>
      Verifier {current} is at work: {done.toLocaleString("en")} of {incidents.toLocaleString("en")}{" "}
      incidents with claims are done.
    </Notice>
  );
}

function NothingMoved({ report: { waiting, current }, shown }: Pick<Props, "report" | "shown">) {
  if (shown !== current) {
    return (
      <EmptyState
        flush
        icon={<FileCheck2 strokeWidth={1.5} aria-hidden />}
        title={`Verifier ${shown} moved nothing`}
      >
        Every claim it judged anew kept its standing.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      flush
      icon={<FileCheck2 strokeWidth={1.5} aria-hidden />}
      title={waiting > 0 ? "Nothing has moved so far" : "Nothing has moved"}
    >
      {waiting > 0
        ? `Claims whose standing verifier ${current} changes are listed here.`
        : `Every claim that stands was judged by verifier ${current}.`}
    </EmptyState>
  );
}

function Versions({ versions, shown }: { versions: VersionReport[]; shown: string }) {
  if (versions.length < 2) return null;
  return (
    <nav aria-label="Versions" className="flex flex-wrap gap-2">
      {versions.map(({ verifier, moved }) => (
        <ButtonLink
          key={verifier}
          href={address(verifier, null)}
          aria-current={verifier === shown ? "page" : undefined}
          tone={verifier === shown ? "default" : "quiet"}
        >
          Verifier {verifier}, {moved.toLocaleString("en")} moved
        </ButtonLink>
      ))}
    </nav>
  );
}

/** From which standing to which: the diagonal stayed. */
function Matrix({ version: { verifier, claims, moved, moves } }: { version: VersionReport }) {
  const count = (from: string, to: string) =>
    moves.find((move) => move.from === from && move.to === to)?.claims ?? 0;
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg font-semibold">
        Verifier {verifier} judged {claims.toLocaleString("en")} stored{" "}
        {claims === 1 ? "claim" : "claims"} anew and moved {moved.toLocaleString("en")}
      </h2>
      <div className="overflow-x-auto border-t">
        <DataTable aria-label={`Standings before and by verifier ${verifier}`}>
          <thead>
            <tr>
              <Th className="pl-0">Before, by row; by this verifier, by column</Th>
              {STANDINGS.map((to) => (
                <Th key={to} className="text-right">
                  <StandingMark standing={to} />
                </Th>
              ))}
            </tr>
          </thead>
          <tbody>
            {STANDINGS.map((from) => (
              <Tr key={from}>
                <Td className="pl-0">
                  <StandingMark standing={from} />
                </Td>
                {STANDINGS.map((to) => (
                  <Td key={to} numeric className={from === to ? "text-faint" : undefined}>
                    {count(from, to).toLocaleString("en")}
                  </Td>
                ))}
              </Tr>
            ))}
          </tbody>
        </DataTable>
      </div>
    </section>
  );
}

function Moved({ claims }: { claims: MovedClaim[] }) {
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg font-semibold">Claims that moved</h2>
      <div className="overflow-x-auto border-t">
        <DataTable aria-label="Claims that moved">
          <thead>
            <tr>
              <Th className="pl-0">Incident</Th>
              <Th>Claim</Th>
              <Th>Before</Th>
              <Th>Now</Th>
              <Th>When</Th>
            </tr>
          </thead>
          <tbody>
            {claims.map((claim) => (
              <MovedRow key={claim.claimId} claim={claim} />
            ))}
          </tbody>
        </DataTable>
      </div>
    </section>
  );
}

function MovedRow({ claim }: MovedRowProps) {
  const { claimId, incident, text, from, to, at, origin, current } = claim;
  const place = current ? `?claim=${claimId}` : "";
  return (
    <Tr>
      <Td className="pl-0 whitespace-nowrap">
        <Link href={`/incidents/${incident.number}${place}`}>
          <IncidentNumber number={incident.number} />
        </Link>
      </Td>
      <Td className="max-w-[520px] min-w-64 py-1.5">
        <HostileText text={text} />
        <p className="text-xs text-faint">
          {origin === "model" ? "Summary of the model" : "Composed by rules"}
          {current ? null : ", since replaced by a newer summary"}
        </p>
      </Td>
      <Td className="text-dim">
        <StandingMark standing={from.standing} />
        <p className="text-xs text-faint">verifier {from.verifier}</p>
      </Td>
      <Td>
        <StandingMark standing={to.standing} />
        <p className="text-xs text-faint">verifier {to.verifier}</p>
      </Td>
      <Td className="text-xs text-dim">
        <ExactTime at={at} />
      </Td>
    </Tr>
  );
}

type MovedRowProps = { claim: MovedClaim };

function address(verifier: string, cursor: string | null): string {
  const search = new URLSearchParams({ version: verifier });
  if (cursor) search.set("cursor", cursor);
  return `/verifier?${search}`;
}
