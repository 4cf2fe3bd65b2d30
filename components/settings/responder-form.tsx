"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { toast } from "#components/ui/toast.ts";
import { useFirstInvalid } from "#components/ui/use-first-invalid.ts";
import { configureResponderAction } from "#lib/actions/responders.ts";
import type { ResponderView } from "#lib/contracts/responder-views.ts";
import { RESPONSE_ACTION_KINDS } from "#lib/domain/decision/decision.ts";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import { Section, needsALook } from "./form-section.tsx";
import { Refused } from "./refused.tsx";
import {
  ActionFields,
  CredentialFields,
  KindFields,
  SettingFields,
  WhereFields,
} from "./responder-form-fields.tsx";
import { freeOf, readResponder, responderFormOf } from "./responder-form-state.ts";
import type { ResponderErrors, ResponderForm as Form } from "./responder-form-state.ts";
import { ResponderToken } from "./responder-token.tsx";
import type { ShownResponderToken } from "./responder-token.tsx";
import { useAsking } from "./use-asking.ts";

export type TakenAction = { action: ResponseActionKind; name: string };
type Props = {
  /** The version in force that the next one follows. */
  from: ResponderView | null;
  /** Actions that other responders serve. */
  taken: TakenAction[];
};

/** A new responder, or the next version of one. What is saved never changes. */
export function ResponderForm({ from, taken }: Props) {
  const router = useRouter();
  const free = RESPONSE_ACTION_KINDS.filter((one) => !taken.some(({ action }) => action === one));
  const [form, setForm] = useState<Form>(() => responderFormOf(from, free));
  const [errors, setErrors] = useState<ResponderErrors>({});
  const [token, setToken] = useState<ShownResponderToken | null>(null);
  const act = useAsking();
  const ref = useFirstInvalid(errors, act.fields);
  const change = (part: Partial<Form>) =>
    setForm({ ...form, ...part, ...(part.kind && { actions: freeOf(part.kind, free) }) });
  const save = async () => {
    const read = readResponder(form, from?.id ?? null);
    setErrors(read.ok ? {} : read.errors);
    if (!read.ok) return;
    const answer = await act.ask(() => configureResponderAction(read.input));
    if (!answer?.ok) return;
    const { name, setup } = read.input;
    toast.done(`${name} is in force, version ${answer.data.version}`);
    if (answer.data.token === null) router.push("/responders");
    else setToken({ name, kind: setup.kind, token: answer.data.token });
  };
  const fields = { form, errors, onChange: change };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-[960px] px-6 py-6">
        <PageHead title={from ? `Change ${from.name}` : "Add a responder"}>
          It carries out what was signed, and decides nothing. Saved as a version that never
          changes; who saved it stands on the trail.
        </PageHead>
        <form
          method="post"
          ref={ref}
          noValidate
          aria-label="Responder"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Section title="Responder">
            <KindFields {...fields} isFixed={from !== null} />
          </Section>
          <Section title="Serves" note="Each response action is served by one responder.">
            <ActionFields {...fields} taken={taken} />
          </Section>
          {form.kind === "simulated" ? null : (
            <Section title="System" note="Where it is and what opens it.">
              <SettingFields {...fields} />
              <CredentialFields {...fields} isNext={from !== null} />
              <WhereFields {...fields} />
            </Section>
          )}
          <Foot reasons={act.refusal ?? needsALook(errors)} pending={act.pending} />
        </form>
      </div>
      <ResponderToken token={token} onDone={() => router.push("/responders")} />
    </div>
  );
}

function Foot({ reasons, pending }: { reasons: string[] | null; pending: boolean }) {
  return (
    <div className="flex flex-col gap-3 border-t py-5">
      <Refused reasons={reasons} />
      <div className="flex justify-end gap-2">
        <ButtonLink tone="quiet" href="/responders">
          Cancel
        </ButtonLink>
        <Button type="submit" tone="primary" pending={pending}>
          Put in force
        </Button>
      </div>
    </div>
  );
}
