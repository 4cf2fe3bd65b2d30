"use client";

import { ArrowLeft, CopyPlus } from "lucide-react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { ButtonLink } from "#components/ui/button.tsx";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import { useRefreshWhile } from "#components/ui/use-refresh-while.ts";
import type { EvaluationView, ModelConfigView } from "#lib/contracts/copilot-views.ts";
import { ModelEvaluations } from "./model-evaluations.tsx";
import { ModelFacts } from "./model-facts.tsx";
import { ModelProbe } from "./model-probe.tsx";

type Props = {
  config: ModelConfigView;
  evaluations: EvaluationView[];
  /** The evaluation by which it is in force; null when it is not. */
  inForceBy: string | null;
  mayManage: boolean;
};

/** One version of a profile: what stands in it, what the probe found, how it was evaluated. */
export function ModelPage({ config, evaluations, inForceBy, mayManage }: Props) {
  useRefreshWhile(
    config.probe?.ok === null ||
      evaluations.some(({ state }) => state === "queued" || state === "running"),
  );
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1040px] flex-col gap-7 px-6 py-6">
        <Head config={config} inForceBy={inForceBy} mayManage={mayManage} />
        <section aria-labelledby="profile" className="flex flex-col gap-3">
          <h2 id="profile" className="text-lg font-semibold">
            Profile
          </h2>
          <ModelFacts config={config} />
        </section>
        <ModelProbe configId={config.id} probe={config.probe} mayManage={mayManage} />
        <ModelEvaluations
          config={config}
          evaluations={evaluations}
          inForceBy={inForceBy}
          mayManage={mayManage}
        />
      </div>
    </div>
  );
}

function Head({ config, inForceBy, mayManage }: Omit<Props, "evaluations">) {
  return (
    <header className="flex flex-col items-start gap-2">
      <ButtonLink
        size="sm"
        tone="quiet"
        href="/models"
        className="-ml-2"
        icon={<ArrowLeft className="size-3.5" strokeWidth={1.5} aria-hidden />}
      >
        Models
      </ButtonLink>
      <div className="flex w-full items-start justify-between gap-6">
        <div className="flex min-w-0 flex-col gap-1">
          <h1 className="flex flex-wrap items-center gap-x-2 text-xl font-semibold">
            <HostileText text={config.name} />
            <span className="text-dim">version {config.version}</span>
            {inForceBy ? <Badge tone="model">In force</Badge> : null}
          </h1>
          <p className="flex flex-wrap items-center gap-x-2 text-xs text-dim">
            {config.createdBy ? (
              <PersonChip name={config.createdBy.name} role={config.createdBy.role} />
            ) : (
              "Taken from the environment of the worker"
            )}
            <ExactTime at={config.createdAt} />
            <RelativeTime at={config.createdAt} className="text-faint" />
          </p>
        </div>
        {mayManage ? (
          <ButtonLink
            href={`/models/new?from=${config.id}`}
            icon={<CopyPlus className="size-3.5" strokeWidth={1.5} aria-hidden />}
          >
            New version from this
          </ButtonLink>
        ) : null}
      </div>
    </header>
  );
}
