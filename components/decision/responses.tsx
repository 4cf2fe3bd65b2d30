"use client";

import { useState, useTransition } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { RadioField, TextArea } from "#components/ui/field.tsx";
import { Notice } from "#components/ui/states.tsx";
import { recordResponse } from "#lib/actions/record-response.ts";
import { reached } from "#lib/browser/reached.ts";
import { TEXT_LIMITS } from "#lib/contracts/limits.ts";
import type { DecisionView } from "#lib/contracts/views.ts";
import type { ResponseAction } from "#lib/domain/decision/decision.ts";
import { RESPONSE_WORDS } from "#lib/domain/decision/words.ts";
import { OUTCOME_LOOK, ResponseRun } from "./response-run.tsx";

const OUTCOMES = ["dispatched", "verified", "failed", "unknown"] as const;
type Outcome = (typeof OUTCOMES)[number];

type Props = {
  decision: DecisionView;
  mayRecord: boolean;
  onRecorded: () => void;
  takenBack: ReadonlySet<string>;
  onTakeBack: ((action: ResponseAction) => void) | null;
};

/** What became of each response action. Dispatched is not done; verified is. */
export function Responses({ decision, mayRecord, onRecorded, takenBack, onTakeBack }: Props) {
  const [recording, setRecording] = useState<ResponseAction | null>(null);
  if (decision.content.kind !== "containment") return null;
  const inEffect = decision.state === "in_effect";
  return (
    <ul aria-label="Response actions" className="flex flex-col divide-y rounded-control border">
      {decision.content.actions.map((action) => {
        const last = decision.responses.findLast(
          (run) => run.action === action.action && run.target === action.target,
        );
        return (
          <ResponseRun
            key={`${action.action}:${action.target}`}
            action={action}
            run={last ?? null}
            inEffect={inEffect}
            mayAct={mayRecord}
            onRecord={() => setRecording(action)}
            onChecked={onRecorded}
            isTakenBack={last !== undefined && takenBack.has(last.id)}
            onTakeBack={onTakeBack}
          />
        );
      })}
      {recording ? (
        <OutcomeDialog
          decisionId={decision.id}
          action={recording}
          onClose={() => setRecording(null)}
          onRecorded={onRecorded}
        />
      ) : null}
    </ul>
  );
}

type DialogProps = {
  decisionId: string;
  action: ResponseAction;
  onClose: () => void;
  onRecorded: () => void;
};

function OutcomeDialog({ decisionId, action, onClose, onRecorded }: DialogProps) {
  const [outcome, setOutcome] = useState<Outcome>("dispatched");
  const [detail, setDetail] = useState("");
  const [failed, setFailed] = useState<string | null>(null);
  const [pending, start] = useTransition();
  const record = () =>
    start(async () => {
      const result = await reached(
        recordResponse({
          decisionId,
          action: action.action,
          target: action.target,
          outcome,
          detail: detail.trim() || null,
        }),
      );
      if (!result.ok) {
        setFailed(result.message);
        return;
      }
      onRecorded();
      onClose();
    });
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Record outcome"
      description={`${RESPONSE_WORDS[action.action]}: ${action.target}`}
      footer={
        <>
          <Button tone="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" pending={pending} onClick={record}>
            Record outcome
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <RadioField
          label="Outcome"
          value={outcome}
          options={OUTCOMES.map((value) => ({ value, label: OUTCOME_LOOK[value]?.word ?? value }))}
          onChange={setOutcome}
        />
        <TextArea
          label="Detail"
          optional
          value={detail}
          maxLength={TEXT_LIMITS.detail}
          hint="What the system answered, or how it was verified"
          onChange={(event) => setDetail(event.target.value)}
        />
        {failed ? <Notice tone="danger">{failed}</Notice> : null}
      </div>
    </Dialog>
  );
}
