"use client";

import { Link2 } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { ModelText, PersonText } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { cx } from "#components/ui/cx.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Notice } from "#components/ui/states.tsx";
import { spanWords } from "#components/ui/time-words.ts";
import { useRunStream } from "#lib/browser/run-stream.ts";
import type { AskedView, StreamedClaim } from "#lib/contracts/copilot-views.ts";
import { isEnded, moneyWords } from "#lib/domain/copilot/run.ts";
import type { DraftKind } from "#lib/domain/copilot/run.ts";
import { draftText } from "#lib/domain/summary/draft-text.ts";
import { answerAsText } from "./claim-text.ts";
import { RunClaims } from "./run-claims.tsx";
import { RunStatus } from "./run-status.tsx";
import { endWords, SENT_WORDS } from "./run-words.ts";
import { Notices } from "./summary-draft.tsx";
import { useSummaryLinks } from "./summary-links.tsx";
import { useOnEnd } from "./use-on-end.ts";
import type { AskKind } from "./use-asking.ts";

type Props = {
  item: AskedView;
  /** An address points at it. */
  linked: boolean;
  /** Its reader has just asked it: it has the whole pane, so that the answer grows below it. */
  fresh: boolean;
  mayCancel: boolean;
  /** Whether anything can be asked now. */
  canAsk: boolean;
  mayNote: boolean;
  onChanged: () => void;
  onAgain: (kind: AskKind, question: string | null) => void;
  onUse: (draft: AskedView) => void;
};

/** A question and its answer, or a draft: what a person asked, what the model said, and how code finds it. */
export function AskItem(props: Props) {
  const { item, linked, fresh, mayCancel, onChanged } = props;
  const open = !isEnded(item.state);
  const stream = useRunStream(open ? item.id : null);
  const { incidentNumber } = useSummaryLinks();
  useOnEnd(stream.done !== null, onChanged);
  const claims = stream.claims.length > item.claims.length ? stream.claims : item.claims;
  const href = `/incidents/${incidentNumber}?pane=ask&ask=${item.id}`;
  const draft = item.kind !== "answer";
  return (
    <li
      id={`ask-${item.id}`}
      aria-current={linked ? "true" : undefined}
      className={cx(
        "flex flex-col gap-2 px-3 py-3",
        linked && "bg-selected/40",
        fresh && "min-h-[100cqh]",
      )}
    >
      <Question item={item} />
      {open || claims.length > 0 ? (
        <ModelText model={item.model} at={item.startedAt ?? item.queuedAt} aside={asideOf(item)}>
          {claims.length > 0 ? (
            <RunClaims
              runId={item.id}
              claims={claims}
              label={draft ? "Sentences of the draft" : "Claims of the answer"}
              href={href}
            />
          ) : (
            <p className="py-1 text-dim">
              Each claim stands here once it is checked against the evidence and stored.
            </p>
          )}
        </ModelText>
      ) : null}
      <Notices sentences={stream.notices} />
      {open ? (
        <output className="flex min-h-6 items-center">
          <RunStatus
            run={item}
            claimCount={claims.length}
            mayCancel={mayCancel}
            onChanged={onChanged}
          />
        </output>
      ) : (
        <Ended {...props} claims={claims} href={href} />
      )}
    </li>
  );
}

const ASKED_WORDS: Record<AskKind, string> = {
  answer: "asked",
  note: "asked for a draft of a note",
  handover: "asked for a draft of a hand-over",
  message: "asked for a draft of a message to the affected user",
};

function asideOf({ kind, state, sentAs }: AskedView): string | null {
  if (kind === "answer") return isEnded(state) ? null : "not finished";
  return sentAs ? `draft, sent by ${sentAs.person.name}` : "draft, sent by nobody";
}

function Question({ item }: Pick<Props, "item">) {
  const { askedBy, question, kind, queuedAt } = item;
  return (
    <PersonText
      name={askedBy?.name ?? "Somebody"}
      role={askedBy?.role}
      when={<RelativeTime at={queuedAt} className="text-faint" />}
      aside={<span>{ASKED_WORDS[kind]}</span>}
    >
      {question ? (
        <p className="wrap-anywhere">
          <HostileText text={question} lines />
        </p>
      ) : null}
    </PersonText>
  );
}

type EndedProps = Props & { claims: readonly StreamedClaim[]; href: string };

function Ended({ item, canAsk, mayNote, onAgain, onUse, claims, href }: EndedProps) {
  const end = endWords(item);
  const again =
    end && canAsk ? (
      <Button size="sm" onClick={() => onAgain(item.kind, item.question)}>
        Ask again
      </Button>
    ) : null;
  return (
    <>
      {end ? (
        <Notice tone="warn" action={again}>
          <HostileText text={end.what} />
          {end.remedy ? ` ${end.remedy}` : null}
          {claims.length > 0 ? " What was verified before stands above." : null}
        </Notice>
      ) : claims.length === 0 ? (
        <Notice>The model gave no claim that could be kept.</Notice>
      ) : null}
      <div className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-1 text-2xs text-faint">
        <span className="min-w-0 flex-1">
          <Facts item={item} />
        </span>
        {claims.length > 0 && item.kind !== "answer" ? (
          <DraftActs item={item} mayNote={mayNote} onUse={onUse} />
        ) : null}
        <Copies item={item} claims={claims} href={href} />
      </div>
    </>
  );
}

function Facts({ item }: Pick<Props, "item">) {
  const { startedAt, finishedAt, costMicro, sentAs } = item;
  const took = startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
  const facts: ReactNode[] = [
    sentAs ? (
      <span key="sent" className="text-dim">
        Sent as a {SENT_WORDS[item.kind as DraftKind]} by {sentAs.person.name},{" "}
        <RelativeTime at={sentAs.at} />
      </span>
    ) : null,
    took === null ? null : took < 1000 ? "less than 1 s" : spanWords(took),
    costMicro === null ? null : `cost ${moneyWords(costMicro)}`,
    <Link
      key="run"
      href={`/runs/${item.id}`}
      className="text-dim underline decoration-line-strong underline-offset-2 hover:text-text"
    >
      What was sent
    </Link>,
  ];
  return (
    <span className="flex flex-wrap gap-x-1.5">
      {facts
        .filter((fact) => fact !== null)
        .map((fact, index) => (
          <span key={index} className="whitespace-nowrap">
            {index > 0 ? <span aria-hidden>· </span> : null}
            {fact}
          </span>
        ))}
    </span>
  );
}

function DraftActs({ item, mayNote, onUse }: Pick<Props, "item" | "mayNote" | "onUse">) {
  return (
    <>
      {mayNote && !item.sentAs ? (
        <Button size="sm" onClick={() => onUse(item)}>
          Use as my {SENT_WORDS[item.kind as DraftKind]}
        </Button>
      ) : null}
      <CopyButton words size="sm" what="the text" value={() => draftText(item.claims)} />
    </>
  );
}

function Copies({ item, claims, href }: Pick<EndedProps, "item" | "claims" | "href">) {
  const { incidentNumber } = useSummaryLinks();
  const address = () => new URL(href, window.location.href).href;
  return (
    <span className="flex shrink-0">
      <CopyButton
        what="link to this question"
        value={address}
        icon={<Link2 className="size-3.5" strokeWidth={1.5} aria-hidden />}
      />
      {claims.length > 0 && item.kind === "answer" ? (
        <CopyButton
          what="answer with its citations"
          value={() =>
            answerAsText(
              { question: item.question, model: item.model, claims },
              { incidentNumber, href: address() },
            )
          }
        />
      ) : null}
    </span>
  );
}
