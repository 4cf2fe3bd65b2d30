import Link from "next/link";
import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ExactTime, RelativeTime } from "#components/ui/relative-time.tsx";
import { secondsWords, spanWords } from "#components/ui/time-words.ts";
import type { RunView } from "#lib/contracts/copilot-views.ts";
import { moneyWords } from "#lib/domain/copilot/run.ts";
import { RUN_STATE_WORDS } from "#lib/domain/copilot/words.ts";
import { Fact, Facts } from "#components/ui/fact.tsx";
import { KeptFacts } from "./kept-facts.tsx";
import { countWords, nameWords, valueWords } from "./run-words.ts";

/** Everything that is known of a run beside its texts. */
export function RunFacts({ run, rebuild }: { run: RunView; rebuild: ReactNode }) {
  return (
    <div className="flex flex-col gap-5">
      <Section title="In time">
        <Times run={run} />
      </Section>
      <Section title="Request">
        <Request run={run} />
        {run.request === null ? null : rebuild}
      </Section>
      {run.state === "queued" ? null : (
        <>
          <Section title="Answer">
            <Answer run={run} />
          </Section>
          <Section title="What was kept from the model">
            <Kept run={run} />
          </Section>
        </>
      )}
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1">
      <h2 className="text-xs font-semibold">{title}</h2>
      {children}
    </section>
  );
}

function Times({ run }: { run: RunView }) {
  const { queuedAt, startedAt, finishedAt } = run;
  const waited = startedAt ? Date.parse(startedAt) - Date.parse(queuedAt) : null;
  const took = startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null;
  return (
    <Facts label="The run in time">
      <Fact name="Asked">
        <When at={queuedAt} />
        {run.askedBy ? (
          <PersonChip name={run.askedBy.name} role={run.askedBy.role} className="mt-0.5" />
        ) : (
          <span className="block text-faint">by the worker</span>
        )}
      </Fact>
      <Fact name="Started">
        {startedAt ? (
          <When at={startedAt} />
        ) : (
          <span className="text-faint">{run.waitsFor ?? "not yet"}</span>
        )}
        {waited === null ? null : (
          <span className="block text-faint">after {spanWords(waited)} in the queue</span>
        )}
      </Fact>
      <Fact name="First claim">
        {run.firstClaimMs === null ? (
          <span className="text-faint">none</span>
        ) : (
          `after ${secondsWords(run.firstClaimMs)}`
        )}
      </Fact>
      <Fact name={finishedAt ? RUN_STATE_WORDS[run.state] : "Ended"}>
        {finishedAt ? <When at={finishedAt} /> : <span className="text-faint">not yet</span>}
        {took === null ? null : (
          <span className="block text-faint">after {secondsWords(took)}</span>
        )}
      </Fact>
      <Fact name="Attempt">{run.attempt}</Fact>
      {run.repairOf ? (
        <Fact name="Repair of">
          <RunLink id={run.repairOf} />
        </Fact>
      ) : null}
      {run.repairedBy ? (
        <Fact name="Repaired by">
          <RunLink id={run.repairedBy} />
        </Fact>
      ) : null}
    </Facts>
  );
}

function When({ at }: { at: string }) {
  return (
    <span>
      <ExactTime at={at} /> <RelativeTime at={at} className="text-faint" />
    </span>
  );
}

function RunLink({ id }: { id: string }) {
  return (
    <Link href={`/runs/${id}`} className="record text-accent underline-offset-2 hover:underline">
      {id.slice(0, 8)}
    </Link>
  );
}

function Request({ run }: { run: RunView }) {
  const { config, prompt, params, requestSha256 } = run;
  return (
    <Facts label="The request">
      <Fact name="Profile">
        {config ? `${config.name}, version ${config.version}` : "none: from before profiles"}
      </Fact>
      <Fact name="Model asked" record>
        <HostileText text={run.model} />
      </Fact>
      <Fact name="Prompt">
        {prompt ? (
          <>
            {prompt.name}, version {prompt.version}
            <span className="block text-faint">{prompt.reason}</span>
          </>
        ) : (
          <span className="text-faint">a probe has none</span>
        )}
      </Fact>
      {prompt ? <Digest name="Prompt SHA-256" value={prompt.sha256} /> : null}
      {requestSha256 ? <Digest name="Request SHA-256" value={requestSha256} /> : null}
      {Object.entries(params ?? {}).map(([name, value]) => (
        <Fact key={name} name={nameWords(name)} record>
          <HostileText text={valueWords(value)} />
        </Fact>
      ))}
      {run.evidenceCount === null ? null : (
        <Fact name="Records" title="Records of the incident when the request was made">
          {countWords(run.evidenceCount)}
        </Fact>
      )}
      {/^[0-9a-f]{64}$/.test(run.evidenceRoot) ? (
        <Digest name="Evidence root" value={run.evidenceRoot} />
      ) : null}
    </Facts>
  );
}

function Digest({ name, value }: { name: string; value: string }) {
  return (
    <Fact name={name}>
      <span className="flex items-center gap-1">
        <span className="record" title={value}>
          {value.slice(0, 16)}…
        </span>
        <CopyButton value={value} what={name} />
      </span>
    </Fact>
  );
}

function Answer({ run }: { run: RunView }) {
  return (
    <Facts label="The answer">
      <Fact name="Model answered" record>
        {run.modelAnswered ? <HostileText text={run.modelAnswered} /> : "it did not say"}
      </Fact>
      <Fact name="Stop reason" record>
        {run.stopReason ? <HostileText text={run.stopReason} /> : "none"}
      </Fact>
      <Fact name="Request id" record>
        {run.requestId ? (
          <span className="flex items-center gap-1">
            <HostileText text={run.requestId} />
            <CopyButton value={run.requestId} what="request id" />
          </span>
        ) : (
          "none"
        )}
      </Fact>
      {Object.entries(run.usage ?? {}).map(([name, tokens]) => (
        <Fact key={name} name={nameWords(name)}>
          <span className="tabular-nums">{tokens.toLocaleString("en")}</span>
        </Fact>
      ))}
      <Fact name="Cost">
        <span className="tabular-nums">
          {run.costMicro === null ? "not known" : moneyWords(run.costMicro)}
        </span>
        {run.reservedMicro === null ? null : (
          <span className="block text-faint">{moneyWords(run.reservedMicro)} were reserved</span>
        )}
      </Fact>
      <Fact name="Latency" title="From the request to the end of the answer">
        {run.latencyMs === null ? "not known" : secondsWords(run.latencyMs)}
      </Fact>
      {run.summaryId && run.incident ? (
        <Fact name="Issued as">
          <Link
            href={`/incidents/${run.incident.number}?summary=model`}
            className="text-accent underline-offset-2 hover:underline"
          >
            a summary of {run.incident.number}
          </Link>
        </Fact>
      ) : null}
      {run.evaluationId ? (
        <Fact name="Part of">
          an evaluation <span className="record text-faint">{run.evaluationId.slice(0, 8)}</span>
        </Fact>
      ) : null}
      <Fact name="Verifier">{run.verifier ?? "not used"}</Fact>
      <Fact name="Canary" title="A private marker that must not come back">
        {run.canary === null ? (
          <span className="text-faint">not asked</span>
        ) : run.canary === "kept" ? (
          "kept: the marker did not come back"
        ) : (
          <span className="text-danger">leaked: the answer was thrown away</span>
        )}
      </Fact>
    </Facts>
  );
}

function Kept({ run }: { run: RunView }) {
  return (
    <Facts label="What was kept from the model">
      <KeptFacts
        redactions={run.redactions}
        leftOut={run.leftOut}
        titles={{
          replaced: "Values that were replaced before the request left",
          leftOut: "Records the model was not shown",
        }}
      />
    </Facts>
  );
}
