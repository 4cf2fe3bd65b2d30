"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { TextField } from "#components/ui/field.tsx";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { IconButton } from "#components/ui/icon-button.tsx";
import { SelectField } from "#components/ui/select.tsx";
import { observablesOptions } from "#lib/browser/incident-data.ts";
import { COUNT_LIMITS, TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { ObservableView } from "#lib/contracts/views.ts";
import { RESPONSE_ACTION_KINDS, RESPONSE_ACTIONS } from "#lib/domain/decision/decision.ts";
import type { ResponseAction } from "#lib/domain/decision/decision.ts";
import {
  RESPONSE_TARGETS,
  RESPONSE_UNDO,
  RESPONSE_WORDS,
  responseWords,
  undoWords,
} from "#lib/domain/decision/words.ts";

type Props = {
  incidentId: string;
  actions: ResponseAction[];
  onChange: (actions: ResponseAction[]) => void;
  error: string | null;
  /** Nothing may be added: of a closed incident something is taken back and nothing else. */
  fixed: boolean;
};

const ACTION_OPTIONS = RESPONSE_ACTION_KINDS.map((value) => ({
  value,
  label: RESPONSE_WORDS[value],
  hint: `D3FEND ${RESPONSE_ACTIONS[value]}`,
}));

/** Exact actions on exact targets, picked from the evidence or typed. */
export function ContainmentFields({ incidentId, actions, onChange, error, fixed }: Props) {
  const observables = useQuery(observablesOptions(incidentId)).data ?? [];
  const set = (at: number, next: ResponseAction) =>
    onChange(actions.map((action, index) => (index === at ? next : action)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-xs font-medium">Actions and targets</legend>
      {actions.map((action, index) => (
        <ActionRow
          key={index}
          number={index + 1}
          action={action}
          suggestions={suggestionsFor(action, actions, observables)}
          onChange={(next) => set(index, next)}
          onRemove={
            actions.length > 1
              ? () => onChange(actions.filter((_, other) => other !== index))
              : null
          }
        />
      ))}
      {error ? (
        <p role="alert" className="text-xs text-danger">
          {error}
        </p>
      ) : null}
      {!fixed && actions.length < COUNT_LIMITS.actions ? (
        <Button
          size="sm"
          tone="quiet"
          className="self-start"
          icon={<Plus className="size-3.5" strokeWidth={1.5} aria-hidden />}
          onClick={() => onChange([...actions, { action: "isolate_host", target: "" }])}
        >
          Add an action
        </Button>
      ) : null}
    </fieldset>
  );
}

type RowProps = {
  number: number;
  action: ResponseAction;
  suggestions: ObservableView[];
  onChange: (action: ResponseAction) => void;
  onRemove: (() => void) | null;
};

function ActionRow({ number, action, suggestions, onChange, onRemove }: RowProps) {
  if (action.undoOf !== undefined) return <TakeBackRow action={action} />;
  return (
    <div className="flex flex-col gap-1.5 rounded-control border px-2.5 py-2">
      <div className="flex items-end gap-2">
        <div className="w-48 shrink-0">
          <SelectField
            label={`Action ${number}`}
            value={action.action}
            options={ACTION_OPTIONS}
            onChange={(kind) => onChange({ action: kind, target: "" })}
          />
        </div>
        <TextField
          label={`Target ${number}`}
          mono
          autoFocus
          value={action.target}
          maxLength={TEXT_LIMITS.target}
          autoComplete="off"
          spellCheck={false}
          placeholder={RESPONSE_TARGETS[action.action].join(", ")}
          onChange={(event) => onChange({ ...action, target: event.target.value })}
        />
        {onRemove ? (
          <IconButton
            label={`Remove action ${number}`}
            icon={<X className="size-4" strokeWidth={1.5} aria-hidden />}
            onClick={onRemove}
          />
        ) : null}
      </div>
      {suggestions.length > 0 ? (
        <div className="flex flex-wrap items-center gap-1 text-2xs text-faint">
          Seen in the evidence:
          {suggestions.map((each) => (
            <button
              key={`${each.type}:${each.value}`}
              type="button"
              onClick={() => onChange({ ...action, target: each.value })}
              className="record max-w-56 truncate rounded-control border px-1.5 text-2xs text-dim hover:bg-hover hover:text-text"
            >
              <HostileText text={each.value} />
            </button>
          ))}
        </div>
      ) : null}
      <p className="text-2xs text-dim">
        D3FEND {RESPONSE_ACTIONS[action.action]}. {RESPONSE_UNDO[action.action]}
      </p>
    </div>
  );
}

/** What is taken back is what was sent: neither the action nor its target can be another. */
function TakeBackRow({ action }: { action: ResponseAction }) {
  return (
    <div className="flex flex-col gap-1 rounded-control border px-2.5 py-2">
      <p className="flex flex-wrap items-baseline gap-2">
        <span className="font-medium">{responseWords(action)}</span>
        <span className="record break-all">
          <HostileText text={action.target} />
        </span>
      </p>
      <p className="text-2xs text-dim">{undoWords(action)}</p>
    </div>
  );
}

const SUGGESTIONS_SHOWN = 6;

/** Observables an action can be aimed at and that no row names yet, most seen first. */
function suggestionsFor(
  action: ResponseAction,
  all: readonly ResponseAction[],
  observables: readonly ObservableView[],
): ObservableView[] {
  const taken = new Set(
    all.filter((other) => other.action === action.action).map((other) => other.target),
  );
  return observables
    .filter(
      ({ type, value }) => RESPONSE_TARGETS[action.action].includes(type) && !taken.has(value),
    )
    .slice(0, SUGGESTIONS_SHOWN);
}
