"use client";

import { Scale } from "lucide-react";
import { useRef } from "react";
import { buttonLook, ButtonLink } from "#components/ui/button.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import type { OverrideFilter } from "#lib/contracts/override-inputs.ts";
import type { OverrideChoices, OverridePage } from "#lib/contracts/override-views.ts";
import {
  mayJudge,
  OVERRIDE_OUTCOMES,
  OVERRIDE_OUTCOME_WORDS,
} from "#lib/domain/review/override.ts";
import { JudgeDialog } from "./judge-dialog.tsx";
import { OverrideRow } from "./override-row.tsx";
import { OverridesFilters } from "./overrides-filters.tsx";
import { overridesSearch } from "./review-address.ts";
import { ReviewTabs } from "./review-tabs.tsx";
import { useJudging } from "./use-judging.ts";

type Props = OverridePage & {
  filter: OverrideFilter;
  choices: OverrideChoices;
  isFirst: boolean;
  reader: { id: string; isLead: boolean };
};

/** Where people overruled the model, the newest first, and what leads say of it. */
export function Overrides({ overrides, nextCursor, filter, choices, isFirst, reader }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const judging = useJudging();
  const here = () => {
    const row = document.activeElement?.closest<HTMLElement>("[data-override]");
    return overrides.findIndex(({ id }) => id === row?.dataset["override"]);
  };
  const go = (to: number) => {
    const next = Math.max(0, Math.min(overrides.length - 1, to));
    list.current?.querySelectorAll<HTMLElement>("[data-override]")[next]?.focus();
  };
  const judge = (outcome: (typeof OVERRIDE_OUTCOMES)[number]) => {
    const override = overrides[here()];
    if (override && mayJudge(judgedOf(override), reader)) judging.judge(override.id, outcome);
  };
  useKeys([
    { key: "j", what: "Next override", run: () => go(here() + 1) },
    { key: "k", what: "Previous override", run: () => go(here() - 1) },
    ...OVERRIDE_OUTCOMES.map((outcome, n) => ({
      key: String(n + 1),
      what: OVERRIDE_OUTCOME_WORDS[outcome],
      run: () => judge(outcome),
    })),
  ]);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1120px] flex-col px-6 py-6">
        <PageHead title="Review" action={<Files filter={filter} />}>
          Where people overruled the model, and where a proposal was refused or rejected.
        </PageHead>
        <ReviewTabs here="overrides" />
        <OverridesFilters filter={filter} choices={choices} />
        {reader.isLead ? <KeysLine /> : null}
        {overrides.length === 0 ? (
          <NoOverrides filter={filter} isFirst={isFirst} />
        ) : (
          <ol ref={list} aria-label="Overrides" className="flex flex-col border-t">
            {overrides.map((override) => (
              <OverrideRow
                key={override.id}
                override={override}
                mayJudge={mayJudge(judgedOf(override), reader)}
                isOwn={reader.isLead && !mayJudge(judgedOf(override), reader)}
                onJudge={(outcome) => judging.judge(override.id, outcome)}
              />
            ))}
          </ol>
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : (
            <ButtonLink href={`/review${overridesSearch(filter)}`}>Newest</ButtonLink>
          )}
          {nextCursor ? (
            <ButtonLink href={`/review${overridesSearch(filter, { cursor: nextCursor })}`}>
              Older
            </ButtonLink>
          ) : null}
        </nav>
      </div>
      <JudgeDialog key={judging.open?.idem} judging={judging} />
    </div>
  );
}

function judgedOf(override: OverridePage["overrides"][number]) {
  return { personId: override.person.id, proposerId: override.decision?.proposer.id ?? null };
}

/** What the filter finds, as a file. */
function Files({ filter }: Pick<Props, "filter">) {
  return (
    <div className="flex gap-2">
      {(["csv", "jsonl"] as const).map((format) => (
        <a
          key={format}
          className={buttonLook()}
          href={`/api/review/overrides${overridesSearch(filter, { format })}`}
        >
          {format.toUpperCase()}
        </a>
      ))}
    </div>
  );
}

function KeysLine() {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 pb-2 text-xs text-dim">
      <span className="flex items-center gap-1">
        <Kbd>j</Kbd>
        <Kbd>k</Kbd> next, previous
      </span>
      {OVERRIDE_OUTCOMES.map((outcome, n) => (
        <span key={outcome} className="flex items-center gap-1">
          <Kbd>{n + 1}</Kbd> {OVERRIDE_OUTCOME_WORDS[outcome].toLowerCase()}
        </span>
      ))}
    </p>
  );
}

function NoOverrides({ filter, isFirst }: Pick<Props, "filter" | "isFirst">) {
  const filtered = Object.values(filter).some((value) => value !== null);
  return (
    <EmptyState
      flush
      icon={<Scale strokeWidth={1.5} aria-hidden />}
      title={
        filtered
          ? "No override matches"
          : isFirst
            ? "Nobody has overruled the model yet"
            : "No older overrides"
      }
      action={filtered ? <ButtonLink href="/review">Show all overrides</ButtonLink> : null}
    >
      {filtered
        ? "Nothing that happened fits all of what is chosen above."
        : "A claim that somebody disputes or corrects comes here, and a proposal that is refused or rejected."}
    </EmptyState>
  );
}
