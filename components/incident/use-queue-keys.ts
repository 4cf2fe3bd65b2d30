"use client";

import { useKeys } from "#components/ui/use-keys.ts";
import type { KeyAct } from "#components/ui/use-keys.ts";
import type { QueueRow } from "#lib/contracts/views.ts";
import {
  ASSIGN_TO_ID,
  HAND_OVER_ID,
  NOTE_ALL_ID,
  PROPOSE_ID,
  SAVE_VIEW_ID,
  SAVED_VIEWS_ID,
} from "./selection-ids.ts";
import { NEW_INCIDENT_ID } from "./new-incident.tsx";
import type { Selection } from "./use-selection.ts";

type Given = {
  rows: readonly QueueRow[];
  selectedId: string | null;
  setSelectedId: (id: string) => void;
  searchBox: React.RefObject<HTMLInputElement | null>;
  open: (row: QueueRow, query?: string) => void;
  refresh: () => void;
  /** Whether the person may open an incident by hand. */
  mayOpen: boolean;
  /** Null where the person may not work incidents. */
  assign: ((row: QueueRow) => void) | null;
  assignChosen: (() => void) | null;
  selection: Selection | null;
  preview: { open: boolean; setOpen: (open: boolean) => void };
};

/** Every key of the queue, as the help lists them. */
export function useQueueKeys(given: Given): void {
  useKeys([...walkKeys(given), ...chooseKeys(given), ...listKeys(given)]);
}

function walkKeys({ rows, selectedId, setSelectedId, open, preview, selection }: Given): KeyAct[] {
  const at = rows.findIndex((row) => row.id === selectedId);
  const selected = rows[at];
  const step = (by: 1 | -1) => {
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next) setSelectedId(next.id);
  };
  return [
    { key: "j", also: ["ArrowDown"], what: "Next incident", run: () => step(1) },
    { key: "k", also: ["ArrowUp"], what: "Previous incident", run: () => step(-1) },
    {
      key: "o",
      also: ["Enter"],
      shown: "↵",
      what: "Open the incident",
      run: () => {
        if (selected) open(selected);
      },
    },
    {
      key: "p",
      what: "Show or hide the preview",
      run: () => preview.setOpen(!preview.open),
    },
    {
      key: "Escape",
      shown: "Esc",
      what: "Choose none; then close the preview",
      run: () => {
        if (selection && selection.ids.size > 0) selection.set([]);
        else if (preview.open) preview.setOpen(false);
      },
    },
  ];
}

function chooseKeys(given: Given): KeyAct[] {
  const { rows, selectedId, setSelectedId, selection, assign, assignChosen } = given;
  const at = rows.findIndex((row) => row.id === selectedId);
  const selected = rows[at];
  const keys: KeyAct[] = [];
  if (assign) {
    keys.push({
      key: "a",
      what: "Assign to me: those chosen, or this one",
      run: () => {
        if (assignChosen) assignChosen();
        else if (selected) assign(selected);
      },
    });
  }
  if (!selection) return keys;
  const walk = (by: 1 | -1) => {
    const next = rows[at + by];
    if (!selected || !next) return;
    selection.walk(selected.id, next.id);
    setSelectedId(next.id);
  };
  const propose = (kind: "escalation" | "containment" | "closure") => {
    if (selected && selected.status !== "closed") given.open(selected, `?propose=${kind}`);
  };
  const chosen = (id: string) => () => {
    if (selection.ids.size > 0) document.getElementById(id)?.click();
  };
  return [
    ...keys,
    {
      key: "x",
      what: "Choose it, or let it go",
      run: () => {
        if (selected) selection.toggle(selected.id, false);
      },
    },
    { key: "J", shown: "⇧ j", what: "Choose on to the next", run: () => walk(1) },
    { key: "K", shown: "⇧ k", what: "Choose on to the previous", run: () => walk(-1) },
    {
      key: "X",
      shown: "⇧ x",
      what: "Choose all that are loaded",
      run: () => selection.set(rows.map(({ id }) => id)),
    },
    { key: "g", what: "Assign those chosen to a person", run: chosen(ASSIGN_TO_ID) },
    { key: "m", what: "Add a note to those chosen", run: chosen(NOTE_ALL_ID) },
    { key: "h", what: "Hand over those chosen", run: chosen(HAND_OVER_ID) },
    { key: "e", what: "Propose escalation of this incident", run: () => propose("escalation") },
    { key: "t", what: "Propose containment of this incident", run: () => propose("containment") },
    {
      key: "c",
      what: "Propose closure: of those chosen, or of this one",
      run: () => {
        if (selection.ids.size > 0) chosen(PROPOSE_ID)();
        else propose("closure");
      },
    },
  ];
}

function listKeys({ refresh, searchBox, mayOpen }: Given): KeyAct[] {
  return [
    { key: "n", what: "Show new incidents", run: refresh },
    { key: "r", what: "Refresh the list", run: refresh },
    { key: "/", what: "Filter incidents", run: () => searchBox.current?.select() },
    { key: "b", what: "Saved views", run: () => document.getElementById(SAVED_VIEWS_ID)?.click() },
    {
      key: "B",
      shown: "⇧ b",
      what: "Save this view",
      run: () => document.getElementById(SAVE_VIEW_ID)?.click(),
    },
    ...(mayOpen ? [NEW_INCIDENT] : []),
  ];
}

const NEW_INCIDENT: KeyAct = {
  key: "i",
  what: "New incident",
  run: () => document.getElementById(NEW_INCIDENT_ID)?.click(),
};
