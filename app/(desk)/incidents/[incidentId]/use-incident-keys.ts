"use client";

import { ADD_EVIDENCE_ID } from "#components/incident/add-evidence.tsx";
import { NOTE_ID } from "#components/incident/note-composer.tsx";
import { ASK_ID } from "#components/summary/ask-id.ts";
import { TASKS_ID } from "#components/incident/tasks-id.ts";
import type { Work } from "#components/incident/use-work.ts";
import { THREAD_ID } from "#components/incident/thread.tsx";
import { foldOfKey, positionOf } from "#components/incident/thread-keys.ts";
import { THREAD_SEARCH_ID } from "#components/incident/thread-filters.tsx";
import type { DecisionKind } from "#lib/domain/decision/decision.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { VERDICT_KEYS, VERDICT_WORDS } from "#lib/domain/incident/words.ts";
import type { PinView } from "#lib/contracts/thread-views.ts";
import type { IncidentHead, PersonView } from "#lib/contracts/views.ts";
import { isClaimFocused, pressClaimAct, stepClaim } from "./claim-keys.ts";
import { focusOn, focusSoon } from "./focus.ts";
import type { useActs } from "./use-acts.ts";
import { useKeys } from "#components/ui/use-keys.ts";
import type { KeyAct } from "#components/ui/use-keys.ts";
import { SIDE_PANES } from "./use-place.ts";
import type { Place } from "./use-place.ts";
import type { useReading } from "./use-reading.ts";

type Given = {
  person: PersonView;
  head: IncidentHead;
  pins: readonly PinView[];
  place: Place;
  reading: ReturnType<typeof useReading>;
  acts: ReturnType<typeof useActs>;
  work: Work;
  handOver: () => void;
  propose: (kind: DecisionKind) => void;
};

/** Every key of the incident screen, as the help lists them. */
export function useIncidentKeys(given: Given): void {
  useKeys([
    ...readingKeys(given),
    ...claimKeys(given),
    ...workKeys(given),
    askKey(given),
    ...teamKeys(given),
  ]);
}

/** The pane opens for everybody; the field is there for who may ask, while a model is in force. */
function askKey({ place }: Given): KeyAct {
  return {
    key: "q",
    what: "Ask the model",
    run: () => {
      void place.setPlace({ pane: "ask" });
      focusSoon(ASK_ID);
    },
  };
}

/** The tasks of the incident, whose it is next, and who hears of it. */
function teamKeys({ person, head, place, work, handOver }: Given): KeyAct[] {
  const keys: KeyAct[] = [
    {
      key: "s",
      what: "Tasks",
      run: () => {
        void place.setPlace({ pane: "tasks" });
        focusSoon(TASKS_ID);
      },
    },
  ];
  if (may(person.role, "evidence:add") && head.status !== "closed") {
    keys.push({
      key: "i",
      what: "Add evidence",
      run: () => document.getElementById(ADD_EVIDENCE_ID)?.click(),
    });
  }
  if (may(person.role, "incident:hand_over") && head.status !== "closed")
    keys.push({ key: "h", what: "Hand over with a note", run: handOver });
  if (may(person.role, "incident:watch")) {
    keys.push({
      key: "w",
      what: work.watching ? "End watching" : "Watch",
      run: () => work.watch(!work.watching),
    });
  }
  return keys;
}

function readingKeys({ reading, place }: Given): KeyAct[] {
  // The list takes the focus along, so that Enter means the line and not a button used before.
  const step = (by: 1 | -1) => {
    focusOn(THREAD_ID);
    reading.step(by);
  };
  return [
    { key: "j", what: "Next line of the thread", run: () => step(1) },
    { key: "k", what: "Previous line", run: () => step(-1) },
    {
      key: "Enter",
      shown: "↵",
      what: "Open the record, the repeats, or a claim's checks",
      run: () => {
        if (isClaimFocused()) return pressClaimAct("checks");
        const { selected } = reading.spot.read();
        if (!selected) return;
        if (positionOf(selected) === null && foldOfKey(selected) === null)
          void place.setPlace({ pane: "decisions" });
        else reading.openLine(selected);
      },
    },
    {
      key: "Escape",
      shown: "Esc",
      what: "Close the record",
      run: () => void place.setPlace({ record: null, start: null, end: null }),
    },
    { key: "/", what: "Search the thread", run: () => focusOn(THREAD_SEARCH_ID) },
    {
      key: "]",
      what: "Next tab on the right",
      run: () => {
        const at = SIDE_PANES.indexOf(place.place.pane);
        void place.setPlace({ pane: SIDE_PANES[(at + 1) % SIDE_PANES.length] ?? "summary" });
      },
    },
  ];
}

function claimKeys({ person }: Given): KeyAct[] {
  const moves: KeyAct[] = [
    { key: "J", shown: "⇧ j", what: "Next claim", run: () => stepClaim(1) },
    { key: "K", shown: "⇧ k", what: "Previous claim", run: () => stepClaim(-1) },
    { key: "x", what: "Checks of the claim", run: () => pressClaimAct("checks") },
  ];
  if (!may(person.role, "claim:review")) return moves;
  return [
    ...moves,
    { key: "y", what: "Accept the claim", run: () => pressClaimAct("accept") },
    { key: "d", what: "Dispute the claim", run: () => pressClaimAct("dispute") },
    { key: "r", what: "Correct the claim", run: () => pressClaimAct("correct") },
  ];
}

function workKeys({ person, head, pins, reading, acts, propose }: Given): KeyAct[] {
  const keys: KeyAct[] = [];
  if (may(person.role, "incident:assign")) {
    keys.push({
      key: "a",
      what: "Assign to me",
      run: () => {
        if (head.assignee?.id !== person.id) acts.assign(person.id);
      },
    });
  }
  if (may(person.role, "record:pin")) {
    keys.push({
      key: "p",
      what: "Pin the record for the team, or take its pin off",
      run: () => {
        const position = positionOf(reading.spot.read().selected);
        const record = position === null ? undefined : reading.thread.records.get(position);
        if (!record) return;
        const pinned = pins.some((pin) => pin.record.id === record.id);
        acts.pin({ id: record.id, label: `E${record.position}` }, !pinned);
      },
    });
  }
  if (may(person.role, "note:add"))
    keys.push({ key: "n", what: "Add a note", run: () => focusOn(NOTE_ID) });
  if (may(person.role, "verdict:set")) {
    VERDICT_KEYS.forEach((verdict, index) =>
      keys.push({
        key: String(index + 1),
        what: `Verdict: ${VERDICT_WORDS[verdict].toLowerCase()}`,
        run: () => acts.judge(verdict),
      }),
    );
  }
  if (may(person.role, "decision:propose")) {
    keys.push(
      { key: "e", what: "Propose escalation", run: () => propose("escalation") },
      { key: "t", what: "Propose containment", run: () => propose("containment") },
      {
        key: "c",
        what: head.status === "closed" ? "Propose reopening" : "Propose closure",
        run: () => propose(head.status === "closed" ? "reopening" : "closure"),
      },
    );
  }
  return keys;
}
