"use client";

import { Power } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { SealGlyph } from "#components/marks/voices.tsx";
import { Button } from "#components/ui/button.tsx";
import { cx } from "#components/ui/cx.ts";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import type {
  ActivationView,
  ModelConfigView,
  ModelsPageView,
} from "#lib/contracts/copilot-views.ts";
import { promptSetWords, whereWords } from "./model-words.ts";
import { sensitivityWords } from "./source-words.ts";
import { StopModel } from "./stop-model.tsx";

type Props = {
  page: ModelsPageView;
  mayStop: boolean;
  mayManage: boolean;
};

/** What answers now, who put it in force, and the one press that stops it. */
export function ModelInForce({ page, mayStop, mayManage }: Props) {
  const [stopping, setStopping] = useState(false);
  const { inForce } = page;
  const config = page.configs.find(({ id }) => id === inForce?.config?.id) ?? null;
  const isOn = Boolean(inForce?.config);
  return (
    <section
      aria-label="Model in force"
      className={cx(
        "flex flex-col gap-3 rounded-panel border bg-surface px-5 py-4",
        isOn && "border-l-2 border-l-model",
      )}
    >
      <div className="flex items-start justify-between gap-6">
        {inForce?.config ? (
          <On activation={inForce} config={config} />
        ) : (
          <Off activation={inForce} page={page} mayManage={mayManage} />
        )}
        {isOn && mayStop ? (
          <Button
            tone="danger"
            icon={<Power className="size-3.5" strokeWidth={2} aria-hidden />}
            onClick={() => setStopping(true)}
          >
            Switch off
          </Button>
        ) : null}
      </div>
      <Health page={page} isOn={isOn} />
      <StopModel
        open={stopping}
        onOpenChange={setStopping}
        name={inForce?.config ? `${inForce.config.name} ${inForce.config.version}` : ""}
        running={page.queue.streaming}
      />
    </section>
  );
}

function On({
  activation,
  config,
}: {
  activation: ActivationView;
  config: ModelConfigView | null;
}) {
  const { config: of, person, at, reason, prompts } = activation;
  if (!of) return null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h2 className="text-lg font-semibold">
        <Link href={`/models/${of.id}`} className="underline-offset-2 hover:underline">
          <HostileText text={of.name} /> <span className="text-dim">version {of.version}</span>
        </Link>
      </h2>
      <p className="text-dim">
        <span className="record text-model">
          <HostileText text={of.model} />
        </span>
        {config ? (
          <>
            , <HostileText text={whereWords(config)} />. It takes evidence up to{" "}
            {sensitivityWords(config.profile.accepts)}
            {config.profile.pseudonyms ? ", people and hosts as pseudonyms." : "."}
          </>
        ) : null}
      </p>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-dim">
        <SealGlyph className="size-3.5 text-accent" />
        <PersonChip name={person.name} role={person.role} />
        <span>
          signed <ExactTime at={at} /> (<RelativeTime at={at} />
          ):
        </span>
        <span className="text-text">
          <HostileText text={reason} />
        </span>
      </p>
      {prompts ? <p className="text-xs text-faint">Prompts: {promptSetWords(prompts)}</p> : null}
    </div>
  );
}

function Off({
  activation,
  page,
  mayManage,
}: {
  activation: ActivationView | null;
  page: ModelsPageView;
  mayManage: boolean;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h2 className="text-lg font-semibold">No model is in force</h2>
      <p className="max-w-[680px] text-dim">
        Nothing is sent to any model. Alerts, incidents, decisions and the summaries composed by
        rules go on as always.
      </p>
      {activation ? (
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-dim">
          <PersonChip name={activation.person.name} role={activation.person.role} />
          <span>
            switched it off <ExactTime at={activation.at} /> (<RelativeTime at={activation.at} />
            ):
          </span>
          <span className="text-text">
            <HostileText text={activation.reason} />
          </span>
        </p>
      ) : null}
      <Steps page={page} mayManage={mayManage} />
    </div>
  );
}

/** The way to a model in force, and how far it has come. */
function Steps({ page, mayManage }: { page: ModelsPageView; mayManage: boolean }) {
  const probed = page.configs.some(({ probe }) => probe?.ok === true);
  const evaluated = page.configs.some(({ evaluation }) => evaluation !== null);
  const steps: [string, boolean][] = [
    ["Add a model", page.configs.length > 0],
    ["Its probe comes back well", probed],
    ["Evaluate it", evaluated],
    ["Sign its activation", false],
  ];
  return (
    <div className="flex flex-col gap-1.5 text-xs">
      <ol aria-label="Steps to a model in force" className="flex flex-wrap gap-x-5 gap-y-1">
        {steps.map(([words, done], index) => (
          <li
            key={words}
            className={cx("flex items-center gap-1.5", done ? "text-ok" : "text-dim")}
          >
            <span
              aria-hidden
              className="flex size-4 items-center justify-center rounded-full border border-current text-[10px] tabular-nums"
            >
              {done ? "✓" : index + 1}
            </span>
            {words}
            <span className="sr-only">{done ? ": done" : ": to do"}</span>
          </li>
        ))}
      </ol>
      {mayManage ? null : <p className="text-faint">An admin does this.</p>}
    </div>
  );
}

const BREAKER_WORDS: Record<ModelsPageView["breaker"]["state"], string> = {
  closed: "Requests go through",
  open: "Requests are held back",
  half_open: "One request is let through to see",
};

/** How it goes: whether requests go through, and what waits. */
function Health({ page: { breaker, queue }, isOn }: { page: ModelsPageView; isOn: boolean }) {
  return (
    <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1.5 border-t pt-3 text-xs">
      <dl className="flex flex-wrap gap-x-8 gap-y-1.5">
        <Figure name="Provider">
          <span
            className={breaker.state === "closed" ? (isOn ? "text-ok" : "text-dim") : "text-warn"}
          >
            {isOn ? BREAKER_WORDS[breaker.state] : "Nothing is sent"}
          </span>
          {breaker.state !== "closed" && breaker.reason ? (
            <span className="text-dim">
              {": "}
              <HostileText text={breaker.reason} />
            </span>
          ) : null}
          {breaker.state === "open" && breaker.retryAt ? (
            <span className="text-dim">
              {" "}
              Next try <RelativeTime at={breaker.retryAt} />.
            </span>
          ) : null}
        </Figure>
        <Figure name="Running">{queue.streaming.toLocaleString("en")}</Figure>
        <Figure name="Waiting">
          {queue.queued.toLocaleString("en")}
          {queue.oldestQueuedAt ? (
            <span className="text-dim">
              , the oldest since <RelativeTime at={queue.oldestQueuedAt} suffix={false} />
            </span>
          ) : null}
        </Figure>
      </dl>
      <Link href="/runs" className="text-accent underline-offset-2 hover:underline">
        All runs
      </Link>
    </div>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-2">
      <dt className="text-faint">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}
