"use client";

import { Bot, Plus } from "lucide-react";
import { useRefreshWhile } from "#components/ui/use-refresh-while.ts";
import { ButtonLink } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { ModelsPageView } from "#lib/contracts/copilot-views.ts";
import { ModelBudgets } from "./model-budgets.tsx";
import { ModelHistory } from "./model-history.tsx";
import { ModelInForce } from "./model-in-force.tsx";
import { ModelProfiles } from "./model-profiles.tsx";
import { PageHead } from "#components/ui/page-head.tsx";

type Props = { page: ModelsPageView; mayManage: boolean; mayStop: boolean };

/** Which model is asked, what it may be sent, what it may cost, and how to stop it. */
export function Models({ page, mayManage, mayStop }: Props) {
  useRefreshWhile(isGoing(page));
  const add = mayManage ? (
    <ButtonLink
      href="/models/new"
      tone="primary"
      icon={<Plus className="size-3.5" strokeWidth={2} aria-hidden />}
    >
      Add model
    </ButtonLink>
  ) : null;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1240px] flex-col gap-7 px-6 py-6">
        <div className="flex flex-col">
          <PageHead title="Models" action={add}>
            Which model writes summaries, answers and drafts. What it writes is checked against the
            evidence by code, and people decide.
          </PageHead>
          <ModelInForce page={page} mayStop={mayStop} mayManage={mayManage} />
        </div>
        <ModelBudgets budgets={page.budgets} mayManage={mayManage} />
        <section aria-labelledby="profiles" className="flex flex-col gap-2">
          <h2 id="profiles" className="text-lg font-semibold">
            Profiles
          </h2>
          {page.configs.length === 0 ? (
            <EmptyState
              flush
              icon={<Bot strokeWidth={1.5} aria-hidden />}
              title="No model yet"
              action={add}
            >
              Add one by its address and key. Nothing of an incident is sent before an admin signed
              for it.
            </EmptyState>
          ) : (
            <ModelProfiles
              configs={page.configs}
              evaluations={page.evaluations}
              inForceId={page.inForce?.config?.id ?? null}
            />
          )}
        </section>
        <section aria-labelledby="history" className="flex flex-col gap-2 pb-8">
          <h2 id="history" className="text-lg font-semibold">
            Activations
          </h2>
          <ModelHistory history={page.history} />
        </section>
      </div>
    </div>
  );
}

function isGoing({ configs, evaluations, queue }: ModelsPageView): boolean {
  return (
    queue.queued + queue.streaming > 0 ||
    configs.some(({ probe }) => probe?.ok === null) ||
    evaluations.some(({ state }) => state === "queued" || state === "running")
  );
}
