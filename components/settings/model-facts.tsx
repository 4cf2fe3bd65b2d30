import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Fact, Facts } from "#components/ui/fact.tsx";
import type { ModelConfigView } from "#lib/contracts/copilot-views.ts";
import { dollars, tokenWords, whereWords } from "./model-words.ts";
import { sensitivityWords } from "./source-words.ts";

/** Everything that stands in one version of a profile. */
export function ModelFacts({ config }: Props) {
  return (
    <div className="grid gap-x-10 gap-y-5 md:grid-cols-2">
      <Group title="Where requests go">
        <Place config={config} />
      </Group>
      <Group title="What it may be sent">
        <Trust config={config} />
      </Group>
      <Group title="What it can do">
        <Abilities config={config} />
      </Group>
      <Group title="What it costs and how long it may take">
        <Costs config={config} />
      </Group>
    </div>
  );
}

type Props = { config: ModelConfigView };

function Place({ config }: Props) {
  return (
    <Facts label="Where requests go">
      <Fact name="Model" record>
        <HostileText text={config.model} />
      </Fact>
      <Fact name="Server">
        <HostileText text={whereWords(config)} />
        {config.baseUrl ? (
          <span className="record block text-faint">
            <HostileText text={config.baseUrl} />
          </span>
        ) : null}
      </Fact>
      <Fact name="Protocol">
        {config.provider === "anthropic" ? "Anthropic" : "compatible with Messages"}
      </Fact>
      <Fact name="Key" title="Its last characters; nobody is shown more">
        {config.keyHint ? (
          <span className="record">…{config.keyHint}</span>
        ) : (
          <span className="text-faint">none</span>
        )}
      </Fact>
      <Fact name="SHA-256" title="Of everything here but the key: what an activation signs">
        <span className="flex items-center gap-1">
          <span className="record" title={config.sha256}>
            {config.sha256.slice(0, 16)}…
          </span>
          <CopyButton value={config.sha256} what="SHA-256 of the profile" />
        </span>
      </Fact>
    </Facts>
  );
}

function Trust({ config: { profile } }: Props) {
  return (
    <Facts label="What it may be sent">
      <Fact name="Evidence up to">{sensitivityWords(profile.accepts)}</Fact>
      <Fact name="People and hosts">{profile.pseudonyms ? "as pseudonyms" : "by their names"}</Fact>
      <Fact name="Secrets">never: they are replaced for every model</Fact>
      <Fact name="Evidence">{tokenWords(profile.evidenceTokens)} tokens at most</Fact>
      <Fact name="Repair">
        {profile.repairs ? "failed claims go back once" : "failed claims do not go back"}
      </Fact>
    </Facts>
  );
}

function Abilities({ config: { profile } }: Props) {
  return (
    <Facts label="What it can do">
      <Fact name="Form of the answer">
        {profile.schema === "enforced" ? "enforced by the server" : "asked for in the prompt"}
      </Fact>
      <Fact name="Token counts">{profile.countsTokens ? "before sending" : "estimated"}</Fact>
      <Fact name="Prompt cache">{profile.caches ? "used" : "not used"}</Fact>
      <Fact name="Effort">{profile.effort ?? "not sent"}</Fact>
      <Fact name="Window">{tokenWords(profile.windowTokens)} tokens</Fact>
      <Fact name="Answer">{tokenWords(profile.outputTokens)} tokens at most</Fact>
    </Facts>
  );
}

function Costs({ config: { profile } }: Props) {
  return (
    <Facts label="What it costs and how long it may take">
      <Fact name="Million tokens">
        <span className="tabular-nums">
          {dollars(profile.price.input)} in, {dollars(profile.price.output)} out
          <span className="block text-faint">
            {dollars(profile.price.cacheRead)} read from the cache,{" "}
            {dollars(profile.price.cacheWrite)} written to it
          </span>
        </span>
        {Object.values(profile.price).every((price) => price === 0) ? (
          <span className="block text-warn">It costs nothing, so no budget limits it.</span>
        ) : null}
      </Fact>
      <Fact name="At one time">
        {profile.concurrency} {profile.concurrency === 1 ? "request" : "requests"}
      </Fact>
      <Fact name="A request">
        {profile.timeoutSeconds} s at most, {profile.idleSeconds} s of silence
      </Fact>
    </Facts>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-xs font-semibold">{title}</h3>
      {children}
    </div>
  );
}
