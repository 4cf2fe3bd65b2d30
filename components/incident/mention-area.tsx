"use client";

import { useId, useRef, useState } from "react";
import type { ComponentProps, KeyboardEvent } from "react";
import { cx } from "#components/ui/cx.ts";
import { PersonChip } from "#components/marks/person-chip.tsx";
import type { PersonView } from "#lib/contracts/views.ts";
import { mentionAt, namedLike } from "#lib/domain/incident/mentions.ts";
import { usePeople } from "./use-people.ts";

type Props = Omit<ComponentProps<"textarea">, "value" | "onChange"> & {
  value: string;
  onText: (text: string) => void;
};

const OFFERED_MAX = 6;

/** A field of text in which `@` names a person: arrows choose, Enter or Tab takes the name, Escape leaves it as typed. */
export function MentionArea({ value, onText, onKeyDown, className, ...area }: Props) {
  const list = useId();
  const { areaRef, offered, chosen, setChosen, look, take, leave } = useMention(value, onText);
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const person = offered[chosen];
    if (!person || event.ctrlKey || event.metaKey) return onKeyDown?.(event);
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) setChosen((chosen + step + offered.length) % offered.length);
    else if (event.key === "Enter" || event.key === "Tab") take(person);
    else if (event.key === "Escape") leave();
    else return onKeyDown?.(event);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span className="relative flex min-w-0 flex-1">
      {offered.length > 0 ? (
        <span
          role="listbox"
          id={list}
          aria-label="People to name"
          className="float absolute bottom-full left-0 z-30 mb-1 flex min-w-52 flex-col p-1"
        >
          {offered.map((person, at) => (
            <span
              key={person.id}
              role="option"
              id={`${list}-${at}`}
              aria-selected={at === chosen}
              onPointerDown={(event) => {
                event.preventDefault();
                take(person);
              }}
              className="rounded-control px-2 py-1 text-sm aria-selected:bg-selected"
            >
              <PersonChip name={person.name} role={person.role} />
            </span>
          ))}
        </span>
      ) : null}
      <textarea
        {...area}
        ref={areaRef}
        value={value}
        aria-autocomplete="list"
        aria-controls={offered.length > 0 ? list : undefined}
        aria-activedescendant={offered.length > 0 ? `${list}-${chosen}` : undefined}
        onChange={(event) => {
          onText(event.target.value);
          look(event.target.value, event.target.selectionStart);
        }}
        onSelect={(event) => look(value, event.currentTarget.selectionStart)}
        onBlur={leave}
        onKeyDown={onKey}
        className={cx("min-w-0 flex-1", className)}
      />
    </span>
  );
}

function useMention(value: string, onText: (text: string) => void) {
  const areaRef = useRef<HTMLTextAreaElement>(null);
  const [cursor, setCursor] = useState<number | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const mention = cursor === null ? null : mentionAt(value, cursor);
  const people = usePeople(mention !== null).data;
  const open = mention !== null && mention.start !== left;
  const found = open && people ? namedLike(people, mention.typed).slice(0, OFFERED_MAX) : [];
  // a whole name that stands there needs no more choosing
  const offered = found.some(({ name }) => name === mention?.typed) ? [] : found;
  return {
    areaRef,
    offered,
    chosen: Math.min(chosen, Math.max(0, offered.length - 1)),
    setChosen,
    look: (text: string, at: number) => {
      const now = mentionAt(text, at);
      setCursor(at);
      if (now === null) setLeft(null);
      if (now?.start !== mention?.start) setChosen(0);
    },
    leave: () => setLeft(mention?.start ?? null),
    take: (person: PersonView) => {
      if (!mention || cursor === null) return;
      const before = `${value.slice(0, mention.start)}@${person.name} `;
      onText(`${before}${value.slice(cursor)}`);
      setLeft(mention.start);
      setCursor(before.length);
      // the words are there with the next frame
      requestAnimationFrame(() => areaRef.current?.setSelectionRange(before.length, before.length));
    },
  };
}
