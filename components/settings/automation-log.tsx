import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { AutomationValuesView } from "#components/marks/automation-values.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import type { AutomationLogItem, AutomationLogPage } from "#lib/contracts/automation-views.ts";
import {
  actWords,
  becauseWords,
  incidentTypeWords,
  reasonSentences,
} from "#lib/domain/decision/automation-words.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

type Props = { page: AutomationLogPage; isFirst: boolean; role: Role };

/** Everything that ran by itself or did not, was stopped or let go on again; newest first. */
export function AutomationLog({ page, isFirst, role }: Props) {
  const mayRead = may(role, "incident:read");
  return (
    <section aria-labelledby="log" className="flex flex-col gap-3">
      <h2 id="log" className="text-lg font-semibold">
        What ran, and what did not
      </h2>
      {page.items.length === 0 ? (
        <p className="text-dim">
          Nothing yet. The first act, refusal or stop stands here, with the values it rests on.
        </p>
      ) : (
        <ol className="flex flex-col divide-y border-y">
          {page.items.map((item) => (
            <li
              key={`${item.kind}:${item.id}`}
              className="grid grid-cols-[170px_88px_minmax(0,1fr)] gap-x-3 py-2"
            >
              <ExactTime at={item.at} className="text-dim" />
              <Incident item={item} mayRead={mayRead} />
              <div className="min-w-0">
                <Line item={item} mayRead={mayRead} />
              </div>
            </li>
          ))}
        </ol>
      )}
      {!isFirst || page.nextCursor ? (
        <nav aria-label="Pages" className="flex gap-2">
          {isFirst ? null : <ButtonLink href="/automation">Newest</ButtonLink>}
          {page.nextCursor ? (
            <ButtonLink href={`/automation?cursor=${page.nextCursor}`}>Older</ButtonLink>
          ) : null}
        </nav>
      ) : null}
    </section>
  );
}

type LineProps = { item: AutomationLogItem; mayRead: boolean };

function Incident({ item: { incident }, mayRead }: LineProps) {
  if (!incident) return <span className="text-dim">All</span>;
  if (!mayRead) return <span className="record">{incident.number}</span>;
  return (
    <Link
      href={`/incidents/${incident.id}`}
      className="record text-accent underline-offset-2 hover:underline"
    >
      {incident.number}
    </Link>
  );
}

function Line({ item, mayRead }: LineProps) {
  switch (item.kind) {
    case "act": {
      const { values, valuesSha256 } = item;
      return (
        <>
          <p>
            Ran by itself: <HostileText text={actWords(shown(item, mayRead))} />, rule{" "}
            {values.rule?.version}.{values.rule?.number}, because{" "}
            {becauseWords(values, values.rule)}.
          </p>
          {mayRead ? <AutomationValuesView values={values} sha256={valuesSha256} /> : null}
        </>
      );
    }
    case "refusal":
      return (
        <>
          <p>
            Did not run: <HostileText text={actWords(shown(item, mayRead))} />.{" "}
            <span className="text-dim">{reasonSentences(item.reasons)}</span>
          </p>
          {mayRead ? <AutomationValuesView values={item.values} sha256={null} /> : null}
        </>
      );
    case "stop":
    case "lift":
      return (
        <p className="flex flex-wrap items-center gap-x-1.5">
          {item.by ? (
            <PersonChip name={item.by.name} role={item.by.role} />
          ) : (
            <span>By itself:</span>
          )}
          <span>
            {item.kind === "stop" ? "stopped" : "lifted the stop"}, {incidentTypeWords(item.where)}:
          </span>
          <HostileText text={item.reason} />
        </p>
      );
  }
}

/** Which system it was is evidence: told to who may read incidents. */
function shown(item: { action: string; target: string }, mayRead: boolean) {
  return mayRead ? item : { ...item, target: "a system" };
}
