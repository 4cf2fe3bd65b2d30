"use client";

import { Gauge } from "lucide-react";
import Link from "next/link";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button, buttonLook } from "#components/ui/button.tsx";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState, Notice } from "#components/ui/states.tsx";
import { toast } from "#components/ui/toast.ts";
import { requestEvaluation } from "#lib/actions/request-evaluation.ts";
import type { EvaluationView, ModelConfigView } from "#lib/contracts/copilot-views.ts";
import { ModelScores } from "./model-scores.tsx";
import { promptSetWords } from "./model-words.ts";
import { useAsking } from "./use-asking.ts";

type Props = {
  config: ModelConfigView;
  evaluations: EvaluationView[];
  /** The evaluation by which the model is in force. */
  inForceBy: string | null;
  mayManage: boolean;
};

/** How the model does on incidents with known answers. Without a finished one it cannot be put in force. */
export function ModelEvaluations({ config, evaluations, inForceBy, mayManage }: Props) {
  const act = useAsking();
  const isGoing = evaluations.some(({ state }) => state === "queued" || state === "running");
  const evaluate = async () => {
    const answer = await act.ask(() =>
      requestEvaluation({ configId: config.id, idem: crypto.randomUUID() }),
    );
    if (answer && !answer.ok)
      toast.failed("The evaluation was not asked for", { detail: answer.message });
  };
  const button = mayManage ? (
    <Button
      tone={evaluations.length === 0 ? "primary" : "default"}
      pending={act.pending}
      disabled={isGoing}
      onClick={() => void evaluate()}
    >
      {evaluations.length === 0 ? "Evaluate" : "Evaluate again"}
    </Button>
  ) : null;
  return (
    <section aria-labelledby="evaluations" className="flex flex-col gap-3">
      <div className="flex items-baseline justify-between gap-4">
        <div>
          <h2 id="evaluations" className="text-lg font-semibold">
            Evaluations
          </h2>
          <p className="text-xs text-dim">
            Made-up incidents with known answers: grounded, ungrounded, contradictory, hostile,
            stripped of evidence, oversized. It costs money where the model does.
          </p>
        </div>
        {evaluations.length > 0 ? button : null}
      </div>
      {evaluations.length === 0 ? (
        <EmptyState
          flush
          icon={<Gauge strokeWidth={1.5} aria-hidden />}
          title="Not evaluated yet"
          action={button}
        >
          A model goes live only with an evaluation on record, and the signature names it.
        </EmptyState>
      ) : (
        evaluations.map((evaluation, index) => (
          <Evaluation
            key={evaluation.id}
            evaluation={evaluation}
            open={index === 0}
            isInForce={evaluation.id === inForceBy}
            mayManage={mayManage}
          />
        ))
      )}
    </section>
  );
}

type OneProps = {
  evaluation: EvaluationView;
  open: boolean;
  isInForce: boolean;
  mayManage: boolean;
};

function Evaluation({ evaluation, open, isInForce, mayManage }: OneProps) {
  const { config, prompts, suite, state, askedBy, startedAt, scores, error } = evaluation;
  return (
    <article
      aria-label={`Evaluation of ${startedAt}`}
      className="flex flex-col gap-3 rounded-panel border px-4 py-3"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-dim">
        <span>
          <ExactTime at={startedAt} /> <RelativeTime at={startedAt} className="text-faint" />
        </span>
        {askedBy ? <PersonChip name={askedBy.name} role={askedBy.role} /> : null}
        <span>Prompts: {promptSetWords(prompts)}</span>
        <span className="text-faint">{suite}</span>
        {isInForce ? (
          <Badge tone="model" className="ml-auto">
            In force by this
          </Badge>
        ) : state === "finished" && mayManage ? (
          <Link
            href={`/models/${config.id}/activate?evaluation=${evaluation.id}`}
            className={`${buttonLook({ tone: open ? "primary" : "default" })} ml-auto`}
          >
            <SealGlyph className="size-3.5" />
            Put in force with this
          </Link>
        ) : null}
      </div>
      {state === "queued" || state === "running" ? <Progress evaluation={evaluation} /> : null}
      {error ? (
        <Notice tone="danger">
          <HostileText text={error} />
        </Notice>
      ) : null}
      {scores ? (
        open ? (
          <ModelScores scores={scores} />
        ) : (
          <details className="text-sm">
            <summary className="text-dim hover:text-text">Its scores</summary>
            <div className="pt-2">
              <ModelScores scores={scores} />
            </div>
          </details>
        )
      ) : null}
    </article>
  );
}

function Progress({ evaluation: { state, casesDone, cases } }: Pick<OneProps, "evaluation">) {
  const share = cases === 0 ? 0 : casesDone / cases;
  const words =
    state === "queued" ? "It waits for its turn." : `${casesDone} of ${cases} cases done`;
  return (
    <div className="flex flex-col gap-1.5">
      <span
        role="progressbar"
        aria-label="Evaluation"
        aria-valuemin={0}
        aria-valuemax={cases}
        aria-valuenow={casesDone}
        aria-valuetext={words}
        className="block h-1.5 overflow-hidden rounded-full bg-sunken shadow-[inset_0_0_0_1px_var(--line)]"
      >
        <span className="block h-full bg-model" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="text-xs text-dim tabular-nums" role="status">
        {words}
      </span>
    </div>
  );
}
