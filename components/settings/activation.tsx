"use client";

import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { EvaluationView, ModelConfigView } from "#lib/contracts/copilot-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { judgeScores } from "#lib/domain/copilot/thresholds.ts";
import { ActivationSignature } from "./activation-signature.tsx";
import { ActivationStatement } from "./activation-statement.tsx";
import type { ShownStatement } from "./activation-statement.tsx";
import { ModelFacts } from "./model-facts.tsx";
import { ModelScores } from "./model-scores.tsx";

type Props = {
  person: PersonView;
  config: ModelConfigView;
  evaluation: EvaluationView;
};

/** The screen on which a model is put in force: what would be signed, what it rests on, and the signature. */
export function Activation({ person, config, evaluation }: Props) {
  const [shown, setShown] = useState<ShownStatement | null>(null);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <header className="flex min-h-14 shrink-0 items-center gap-3 border-b px-4">
        <ButtonLink
          tone="quiet"
          href={`/models/${config.id}`}
          icon={<ArrowLeft className="size-4" strokeWidth={1.5} aria-hidden />}
        >
          Leave without signing
        </ButtonLink>
        <h1 className="min-w-0 flex-1 truncate text-lg font-semibold">
          Put <HostileText text={config.name} /> version {config.version} in force
        </h1>
      </header>
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto md:grid-cols-2 md:divide-x md:overflow-hidden">
        <section
          aria-label="What is signed"
          tabIndex={0}
          className="flex min-w-0 flex-col gap-5 px-6 py-5 outline-offset-[-2px] md:overflow-y-auto lg:px-10"
        >
          <ActivationStatement shown={shown} config={config} evaluation={evaluation} />
        </section>
        <section
          aria-label="What it rests on"
          tabIndex={0}
          className="flex min-w-0 flex-col gap-6 px-6 py-5 outline-offset-[-2px] md:overflow-y-auto lg:px-10"
        >
          <Rests config={config} evaluation={evaluation} />
        </section>
      </div>
      <ActivationSignature
        person={person}
        config={config}
        evaluation={evaluation}
        shown={shown}
        onShown={setShown}
      />
    </div>
  );
}

function Rests({ config, evaluation }: Omit<Props, "person">) {
  const { scores } = evaluation;
  const short = scores ? judgeScores(scores).filter(({ holds }) => holds !== true) : [];
  const probe = config.probe?.findings.filter(({ ok }) => !ok) ?? [];
  return (
    <>
      {short.length > 0 ? (
        <Notice tone="warn">
          Not reached or not measured: {short.map(({ words }) => words.toLowerCase()).join(", ")}.
          You can sign nevertheless; the scores stay on record beside your name.
        </Notice>
      ) : null}
      {probe.length > 0 ? (
        <Notice tone="warn">
          The last probe found: {probe.map(({ sentence }) => sentence).join(" ")}
        </Notice>
      ) : null}
      <div className="flex flex-col gap-2">
        <h2 className="text-xs font-medium text-dim">The evaluation it rests on</h2>
        {scores ? <ModelScores scores={scores} /> : null}
      </div>
      <div className="flex flex-col gap-2">
        <h2 className="text-xs font-medium text-dim">The profile</h2>
        <ModelFacts config={config} />
      </div>
    </>
  );
}
