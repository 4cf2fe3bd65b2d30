"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTransition } from "react";
import { toast } from "#components/ui/toast.ts";
import { assignIncidentAction } from "#lib/actions/assign-incident.ts";
import { pinRecord } from "#lib/actions/pin-record.ts";
import { setVerdict } from "#lib/actions/set-verdict.ts";
import { workIncident } from "#lib/actions/work-incident.ts";
import type { WorkStatus } from "#components/incident/incident-menus.tsx";
import { incidentKeys } from "#lib/browser/incident-data.ts";
import { reached } from "#lib/browser/reached.ts";
import type { IncidentHead } from "#lib/contracts/views.ts";
import type { Verdict } from "#lib/domain/incident/incident.ts";
import { STATUS_WORDS, VERDICT_WORDS } from "#lib/domain/incident/words.ts";

type Answer = { ok: true } | { ok: false; message: string };
/** `label`: E12. */
type PinnedRecord = { id: string; label: string };
type Act = { run: () => Promise<Answer>; done: string; failed: string; undo?: () => void };

/** What needs no signature: taking the incident, its working status, its verdict. Each can be undone. */
export function useActs(head: IncidentHead, personId: string) {
  const cache = useQueryClient();
  const [pending, start] = useTransition();
  const refresh = () => cache.invalidateQueries({ queryKey: incidentKeys.all(head.id) });
  const act = ({ run, done, failed, undo }: Act) =>
    start(async () => {
      const answer = await reached(run());
      if (answer.ok) toast.done(done, undo ? { act: { label: "Undo", onPress: undo } } : {});
      else toast.failed(failed, { detail: answer.message });
      await refresh();
    });
  const assign = (to: string | null, expected: string | null, undoable = true) =>
    act({
      run: () => assignIncidentAction({ incidentId: head.id, personId: to, expected }),
      done:
        to === personId
          ? "Assigned to you"
          : to
            ? "Given back to its assignee"
            : "Given back to the queue",
      failed: "The incident was not assigned",
      undo: undoable ? () => assign(expected, to, false) : undefined,
    });
  const work = (status: WorkStatus, from = head.status, undoable = true) => {
    const before = head.status;
    act({
      run: () =>
        workIncident({
          incidentId: head.id,
          status,
          ...(from === "closed" ? {} : { expected: from }),
        }),
      done: `Status: ${STATUS_WORDS[status].toLowerCase()}`,
      failed: "The status was not changed",
      undo: undoable && before !== "closed" ? () => work(before, status, false) : undefined,
    });
  };
  const judge = (verdict: Verdict | null, from = head.verdict, undoable = true) => {
    const before = head.verdict;
    if (verdict === before && undoable) return;
    act({
      run: () => setVerdict({ incidentId: head.id, verdict, expected: from }),
      done: verdict ? `Verdict: ${VERDICT_WORDS[verdict].toLowerCase()}` : "Verdict taken back",
      failed: "The verdict was not set",
      undo: undoable ? () => judge(before, verdict, false) : undefined,
    });
  };
  const pin = (record: PinnedRecord, pinned: boolean, undoable = true) =>
    act({
      run: () => pinRecord({ incidentId: head.id, evidenceId: record.id, pinned }),
      done: pinned ? `Pinned ${record.label}` : `Took the pin off ${record.label}`,
      failed: pinned ? "The record was not pinned" : "The pin was not taken off",
      undo: undoable ? () => pin(record, !pinned, false) : undefined,
    });
  return {
    pending,
    refresh,
    assign: (to: string | null) => assign(to, head.assignee?.id ?? null),
    work: (status: WorkStatus) => work(status),
    judge: (verdict: Verdict | null) => judge(verdict),
    pin: (record: PinnedRecord, pinned: boolean) => pin(record, pinned),
  };
}
