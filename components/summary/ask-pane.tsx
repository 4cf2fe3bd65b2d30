"use client";

import { MessageCircleQuestion } from "lucide-react";
import Link from "next/link";
import { useEffect, useMemo, useRef } from "react";
import type { RefObject } from "react";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import type { AskedView, IncidentRunsView } from "#lib/contracts/copilot-views.ts";
import type { PersonView, SummaryView } from "#lib/contracts/views.ts";
import { isEnded } from "#lib/domain/copilot/run.ts";
import { nextQuestions } from "#lib/domain/summary/next-questions.ts";
import { AskComposer } from "./ask-composer.tsx";
import { AskItem } from "./ask-item.tsx";
import { ModelLine } from "./model-line.tsx";
import { Suggestions } from "./suggestions.tsx";
import { useAsking } from "./use-asking.ts";

type Props = {
  incidentId: string;
  person: PersonView;
  mayAsk: boolean;
  mayNote: boolean;
  seesModels: boolean;
  runs: IncidentRunsView;
  summaries: readonly SummaryView[];
  /** The run an address points at. */
  linked: string | null;
  onChanged: () => void;
  /** A draft is taken into the note the person is writing. */
  onUse: (draft: AskedView) => void;
};

/** Questions about the incident and what the model answered, oldest first; what is new stands below. */
export function AskPane(props: Props) {
  const { incidentId, person, mayAsk, runs, summaries, linked, onChanged } = props;
  const asked = useMemo(() => runs.asked.toReversed(), [runs.asked]);
  const mine = asked.find(({ askedBy, state }) => askedBy?.id === person.id && !isEnded(state));
  const list = useRef<HTMLDivElement>(null);
  const asking = useAsking(incidentId, onChanged);
  const askedShown = asked.some(({ id }) => id === asking.asked);
  useBottom(list, { linked, asked: askedShown ? asking.asked : null });
  const suggestions = useMemo(() => suggestionsOf(summaries, runs.asked), [summaries, runs.asked]);
  const hasModel = runs.model.name !== null;
  const canAsk = mayAsk && hasModel;
  return (
    <section aria-label="Ask the model" className="flex min-h-0 flex-1 flex-col">
      <div
        ref={list}
        role="region"
        aria-label="Questions and answers"
        tabIndex={0}
        className="min-h-0 flex-1 [container-type:size] overflow-y-auto outline-offset-[-2px]"
      >
        {linked && !asked.some(({ id }) => id === linked) ? <Missing runId={linked} /> : null}
        {asked.length === 0 ? (
          <NothingAsked canAsk={canAsk} />
        ) : (
          <ol aria-label="Questions" className="flex flex-col divide-y">
            {asked.map((item) => (
              <AskItem
                key={item.id}
                item={item}
                linked={item.id === linked}
                fresh={item.id === asking.asked && item.id === asked.at(-1)?.id}
                mayCancel={mayAsk}
                canAsk={canAsk}
                mayNote={props.mayNote}
                onChanged={onChanged}
                onAgain={asking.again}
                onUse={props.onUse}
              />
            ))}
          </ol>
        )}
        {asked.length === 0 && suggestions.length > 0 ? (
          <div className="mx-auto max-w-[560px] px-6 pb-10">
            <Suggestions questions={suggestions} onChoose={canAsk ? asking.setText : null} />
          </div>
        ) : null}
      </div>
      {runs.model.isOn ? null : (
        <div className="shrink-0 border-t bg-surface">
          <ModelLine sentence={runs.model.sentence} seesModels={props.seesModels} />
        </div>
      )}
      {canAsk ? (
        <AskComposer
          asking={asking}
          openKind={mine?.kind ?? null}
          suggestions={asked.length > 0 ? suggestions : []}
        />
      ) : null}
    </section>
  );
}

function suggestionsOf(summaries: readonly SummaryView[], asked: readonly AskedView[]) {
  return nextQuestions(
    summaries.map(({ origin, claims, notMentioned }) => ({
      origin,
      claims: claims.map((claim) => ({ ...claim, isReviewed: claim.reviews.length > 0 })),
      notMentioned: notMentioned.map(({ label }) => label),
    })),
    asked.flatMap(({ question }) => question ?? []),
  );
}

function NothingAsked({ canAsk }: { canAsk: boolean }) {
  return (
    <EmptyState icon={<MessageCircleQuestion />} title="Nothing was asked yet">
      {canAsk
        ? "Ask the model about this incident. Its answer comes as claims, each checked against the evidence like those of a summary. It can also draft a note, a hand-over or a message; a draft is nobody's until a person sends it."
        : "Questions to the model and its answers stand here, each claim checked against the evidence."}
    </EmptyState>
  );
}

function Missing({ runId }: { runId: string }) {
  return (
    <div className="px-3 pt-3">
      <Notice>
        The question this link points at is not among the last fifty.{" "}
        <Link href={`/runs/${runId}`} className="text-accent hover:underline">
          Open its run
        </Link>
      </Notice>
    </div>
  );
}

/** `asked`: the run that the reader has asked for, once it stands in the list. */
type Bottom = { linked: string | null; asked: string | null };

/** Opens at the newest question, or the linked one; goes to a question its reader has just asked, and stays else. */
function useBottom(list: RefObject<HTMLDivElement | null>, { linked, asked }: Bottom) {
  const first = useRef(linked);
  useEffect(() => {
    const element = first.current && document.getElementById(`ask-${first.current}`);
    if (element) element.scrollIntoView({ block: "start" });
    else list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [list]);
  useEffect(() => {
    if (asked) document.getElementById(`ask-${asked}`)?.scrollIntoView({ block: "start" });
  }, [asked]);
}
