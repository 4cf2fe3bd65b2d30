"use client";

import { useRef, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { TextField } from "#components/ui/field.tsx";
import { toast } from "#components/ui/toast.ts";
import { enrolPasskey } from "#lib/actions/passkeys.ts";
import { makePasskey, type Making } from "#lib/browser/passkey.ts";
import { reached } from "#lib/browser/reached.ts";
import { PASSKEY_NAME_MAX } from "#lib/contracts/passkey-inputs.ts";
import { PasswordField } from "./password-field.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

type Props = { open: boolean; onOpenChange: (open: boolean) => void; making: Making };
type Made = Extract<Awaited<ReturnType<typeof makePasskey>>, { ok: true }>["made"];

/** A name, the password, and then the device: the password proves that this person wants this very key. */
export function EnrolPasskey({ open, onOpenChange, making }: Props) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Enrol a passkey"
      description="Your device makes it and asks who you are. It stands on the trail."
    >
      <EnrolForm making={making} onDone={() => onOpenChange(false)} />
    </Dialog>
  );
}

function EnrolForm({ making, onDone }: { making: Making; onDone: () => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const act = useAsking();
  // Kept for the next try when only the password was wrong, so that a mistyped one makes no second key.
  const kept = useRef<Made | null>(null);
  const enrol = async () => {
    const answer = await act.ask(async () => {
      const gesture = kept.current
        ? { ok: true as const, made: kept.current }
        : await makePasskey(making);
      kept.current = null;
      if (!gesture.ok) return gesture;
      const result = await reached(enrolPasskey({ name, password, made: gesture.made }));
      if (!result.ok && result.code === "password_wrong") kept.current = gesture.made;
      return result;
    });
    setPassword("");
    if (!answer?.ok) return;
    toast.done(`The passkey ${name.trim()} may sign`);
    onDone();
  };
  return (
    <form
      method="post"
      aria-label="Enrol a passkey"
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        void enrol();
      }}
    >
      <TextField
        label="Name"
        name="passkey-name"
        value={name}
        maxLength={PASSKEY_NAME_MAX}
        required
        autoComplete="off"
        error={act.fields["name"]?.[0]}
        hint="By which you will know it, such as blue security key or this laptop."
        onChange={(event) => setName(event.target.value)}
      />
      <PasswordField
        password={password}
        error={act.fields["password"]?.[0]}
        onPassword={setPassword}
      />
      <Refused reasons={act.refusal} />
      <Button className="self-end" type="submit" tone="primary" pending={act.pending}>
        Enrol passkey
      </Button>
    </form>
  );
}
