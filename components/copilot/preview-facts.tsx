import type { ReactNode } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Fact, Facts } from "#components/ui/fact.tsx";
import type { PreviewView } from "#lib/contracts/copilot-views.ts";
import { moneyWords } from "#lib/domain/copilot/run.ts";
import { KeptFacts } from "./kept-facts.tsx";
import { countWords } from "./run-words.ts";

/** To whom it would go, how much it is, and what is kept from it. */
export function PreviewFacts({ preview }: { preview: PreviewView }) {
  const { config, prompt, requestBytes, estimatedTokens, estimatedMicro } = preview;
  return (
    <div className="flex flex-col gap-5">
      <Section title="To whom">
        <Facts label="To whom">
          <Fact name="Profile">
            {config.name}, version {config.version}
          </Fact>
          <Fact name="Model" record>
            <HostileText text={config.model} />
          </Fact>
          <Fact name="Where">{config.isLocal ? "on your premises" : "leaves your premises"}</Fact>
          <Fact name="Prompt">
            {prompt.name}, version {prompt.version}
          </Fact>
        </Facts>
      </Section>
      <Section title="How much">
        <Facts label="How much">
          <Fact name="Size">{requestBytes.toLocaleString("en")} bytes</Fact>
          <Fact name="Tokens">about {estimatedTokens.toLocaleString("en")}</Fact>
          <Fact name="To read it" title="The answer comes on top">
            about {moneyWords(estimatedMicro)}
          </Fact>
          <Fact name="Records shown">{countWords(preview.shown)}</Fact>
        </Facts>
      </Section>
      <Section title="What is kept from the model">
        <Kept preview={preview} />
      </Section>
      <p className="text-xs text-faint">
        Zeros stand where each request has words of its own: the fence around the evidence and the
        private marker.
      </p>
    </div>
  );
}

function Kept({ preview }: { preview: PreviewView }) {
  return (
    <Facts label="What is kept from the model">
      <Fact name="Secrets">always replaced, and never brought back</Fact>
      <Fact name="Names">
        {preview.pseudonyms
          ? "replaced by stand-ins; the answer gets them back"
          : "sent as they are: the profile says so"}
      </Fact>
      <KeptFacts
        redactions={preview.redactions}
        leftOut={preview.leftOut}
        titles={{
          replaced: "Different values that are replaced",
          leftOut: "Records that are not shown to the model",
        }}
      />
    </Facts>
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
