"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { toast } from "#components/ui/toast.ts";
import { useFirstInvalid } from "#components/ui/use-first-invalid.ts";
import { saveModelConfig } from "#lib/actions/save-model-config.ts";
import type { ModelConfig } from "#lib/domain/copilot/profile.ts";
import { AbilityFields, PlaceFields, SizeFields, TrustFields } from "./model-form-fields.tsx";
import { formOf, readForm } from "./model-form-state.ts";
import type { FormErrors, ModelForm as Form } from "./model-form-state.ts";
import { ModelPresets } from "./model-presets.tsx";
import type { Preset } from "./model-presets.tsx";
import { Section, needsALook } from "./form-section.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Props = {
  presets: readonly Preset[];
  /** The version a new one is made from. */
  from: ModelConfig | null;
};

/** A new profile, or a new version of one. What is saved never changes. */
export function ModelForm({ presets, from }: Props) {
  const router = useRouter();
  const [presetId, setPresetId] = useState<string | null>(from ? null : (presets[0]?.id ?? null));
  const [form, setForm] = useState<Form>(() => formOf(from ?? presets[0]!));
  const [errors, setErrors] = useState<FormErrors>({});
  const act = useAsking();
  const ref = useFirstInvalid(errors, act.fields);
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });
  const save = async () => {
    const read = readForm(form);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    const answer = await act.ask(() => saveModelConfig(read.input));
    if (!answer?.ok) return;
    toast.done(`Saved as version ${answer.data.version}; its probe is on its way`);
    router.push(`/models/${answer.data.configId}`);
  };
  const fields = { form, errors: errorsOf(errors, act.fields), onChange: change };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-[960px] px-6 py-6">
        <PageHead title={from ? `New version of ${from.name}` : "Add a model"}>
          Saved as a version that never changes, and probed at once with made-up evidence. Nothing
          of an incident is sent before an admin signed for it.
        </PageHead>
        <form
          method="post"
          ref={ref}
          noValidate
          aria-label="Model"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {from ? null : (
            <Section title="Begin with" note="Each choice fills in the rest; change what differs.">
              <ModelPresets
                presets={presets}
                chosen={presetId}
                onChoose={(preset) => {
                  setPresetId(preset.id);
                  setErrors({});
                  setForm({ ...formOf(preset), apiKey: form.apiKey });
                }}
              />
            </Section>
          )}
          <Section title="Model and server">
            <PlaceFields {...fields} isNameFixed={from !== null} />
          </Section>
          <Section title="What it may be sent">
            <TrustFields {...fields} />
          </Section>
          <Section title="What it can do" note="What the probe finds otherwise, it says.">
            <AbilityFields {...fields} />
          </Section>
          <Section title="Sizes, patience and price">
            <SizeFields {...fields} />
          </Section>
          <Foot
            back={from ? `/models/${from.id}` : "/models"}
            reasons={act.refusal ?? needsALook(errors)}
            pending={act.pending}
          />
        </form>
      </div>
    </div>
  );
}

type FootProps = { back: string; reasons: string[] | null; pending: boolean };

function Foot({ back, reasons, pending }: FootProps) {
  return (
    <div className="flex flex-col gap-3 border-t py-5">
      <Refused reasons={reasons} />
      <div className="flex justify-end gap-2">
        <ButtonLink tone="quiet" href={back}>
          Cancel
        </ButtonLink>
        <Button type="submit" tone="primary" pending={pending}>
          Save and probe
        </Button>
      </div>
    </div>
  );
}

function errorsOf(own: FormErrors, fields: Record<string, string[] | undefined>): FormErrors {
  const sent = Object.entries(fields).map(([name, messages]) => [name, messages?.[0]]);
  return { ...(Object.fromEntries(sent) as FormErrors), ...own };
}
