"use client";

import { Plug, Plus } from "lucide-react";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Td, Tr } from "#components/ui/data-table.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { useRefreshWhile } from "#components/ui/use-refresh-while.ts";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { RETIRED_SHOWN } from "#lib/contracts/responder-views.ts";
import type { RespondersView, ResponderView } from "#lib/contracts/responder-views.ts";
import { RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import { RESPONDER_WORDS } from "#lib/domain/decision/responder.ts";
import { RESPONSE_WORDS } from "#lib/domain/decision/words.ts";
import { ActsCell, ManagedTable } from "./managed-table.tsx";
import { ResponderActs } from "./responder-acts.tsx";

type Props = { responders: RespondersView; mayManage: boolean };

/** The systems that carry out response actions, and which actions nobody carries out. */
export function Responders({ responders: { inForce, retired }, mayManage }: Props) {
  useRefreshWhile(inForce.some(({ lastTest }) => lastTest?.ok === null));
  const served = new Set(inForce.flatMap(({ actions }) => actions));
  const unserved = RESPONSE_ACTION_KINDS.filter((action) => !served.has(action));
  const add =
    mayManage && unserved.length > 0 ? (
      <ButtonLink
        tone="primary"
        href="/responders/new"
        icon={<Plus className="size-3.5" strokeWidth={2} aria-hidden />}
      >
        Add responder
      </ButtonLink>
    ) : null;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-[1240px] px-6 py-6">
        <PageHead title="Responders" action={inForce.length > 0 ? add : null}>
          The systems that carry out response actions. What they may be asked for was signed before;
          every attempt and every answer is kept.
        </PageHead>
        {inForce.length === 0 ? (
          <EmptyState
            icon={<Plug strokeWidth={1.5} aria-hidden />}
            title="No responder yet"
            action={add}
            flush
          >
            Until there is one, people carry out what was signed and record its outcome.
          </EmptyState>
        ) : (
          <InForce responders={inForce} mayManage={mayManage} />
        )}
        {inForce.length > 0 ? <Unserved actions={unserved} /> : null}
        <Retired responders={retired} />
      </div>
    </div>
  );
}

function Unserved({ actions }: { actions: ResponseActionKind[] }) {
  return (
    <p className="py-3 text-xs text-dim">
      {actions.length > 0
        ? `Carried out by hand: ${actions.map((action) => RESPONSE_WORDS[action]).join(", ")}.`
        : "Every response action is served. To hand one to another responder, change the one that serves it first."}
    </p>
  );
}

function InForce({ responders, mayManage }: { responders: ResponderView[]; mayManage: boolean }) {
  return (
    <ManagedTable
      label="Responders in force"
      heads={["Name", "Kind", "Serves", "Credentials", "Since", "Last dry run"].map((name) => ({
        name,
      }))}
      mayManage={mayManage}
    >
      {responders.map((responder) => (
        <Tr key={responder.id}>
          <Td className="min-w-32 pl-0 font-medium">
            <HostileText text={responder.name} />
            <span className="block text-2xs font-normal text-faint">
              version {responder.version}
            </span>
          </Td>
          <Td className="text-dim">{RESPONDER_WORDS[responder.kind]}</Td>
          <Td className="text-xs text-dim">
            {responder.actions.map((action) => RESPONSE_WORDS[action]).join(", ")}
          </Td>
          <Td>
            <Hints responder={responder} />
          </Td>
          <Td className="text-xs text-dim">
            <RelativeTime at={responder.at} />
            {responder.by ? <span className="block text-2xs">by {responder.by}</span> : null}
          </Td>
          <Td className="max-w-72 text-xs">
            <LastTest responder={responder} />
          </Td>
          {mayManage ? (
            <ActsCell>
              <ResponderActs responder={responder} />
            </ActsCell>
          ) : null}
        </Tr>
      ))}
    </ManagedTable>
  );
}

function Hints({
  responder: { credentialsHint, tokenHint, fetchedAt, kind },
}: {
  responder: ResponderView;
}) {
  return (
    <span className="record flex flex-col text-dim">
      {credentialsHint ? <span>…{credentialsHint}</span> : null}
      {tokenHint ? <span>token …{tokenHint}</span> : null}
      {!credentialsHint && !tokenHint ? <span className="text-faint">none</span> : null}
      {kind === "block_list" ? (
        <span className="font-sans text-2xs text-faint">
          {fetchedAt ? (
            <>
              fetched <RelativeTime at={fetchedAt} />
            </>
          ) : (
            "never fetched"
          )}
        </span>
      ) : null}
    </span>
  );
}

function LastTest({ responder: { lastTest } }: { responder: ResponderView }) {
  if (!lastTest) return <span className="text-faint">none</span>;
  const { ok, at, target, action, sentences } = lastTest;
  const look =
    ok === null
      ? ({ tone: "info", word: "Asked" } as const)
      : ok
        ? ({ tone: "ok", word: "Would work" } as const)
        : ({ tone: "danger", word: "Would not work" } as const);
  return (
    <div className="flex flex-col gap-1">
      <span className="flex flex-wrap items-center gap-2">
        <Badge tone={look.tone}>{look.word}</Badge>
        <span className="text-2xs text-faint">
          <RelativeTime at={at} />
        </span>
      </span>
      <span className="text-dim">
        {RESPONSE_WORDS[action]} <HostileText text={target} />
      </span>
      {sentences.map((sentence) => (
        <span key={sentence} className="wrap-anywhere">
          <HostileText text={sentence} />
        </span>
      ))}
    </div>
  );
}

function Retired({ responders }: { responders: ResponderView[] }) {
  if (responders.length === 0) return null;
  return (
    <section aria-labelledby="retired" className="flex flex-col gap-2 pt-6">
      <h2 id="retired" className="font-semibold">
        Retired
      </h2>
      <ul className="flex flex-col divide-y border-y text-xs">
        {responders.map(({ id, name, version, kind, retired }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-2 py-1.5 text-dim">
            <span className="text-text">
              <HostileText text={name} />
            </span>
            <span>version {version}</span>
            <span>{RESPONDER_WORDS[kind]}</span>
            {retired ? (
              <span className="ml-auto text-faint">
                <RelativeTime at={retired.at} />
                {retired.by ? ` by ${retired.by}` : null}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {responders.length === RETIRED_SHOWN ? (
        <p className="text-2xs text-faint">The last {RETIRED_SHOWN}; every one is on the trail.</p>
      ) : null}
    </section>
  );
}
