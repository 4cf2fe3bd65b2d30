"use client";

import { useState } from "react";
import { FormDialog } from "#components/ui/form-dialog.tsx";
import { toast } from "#components/ui/toast.ts";
import { revokePasskey } from "#lib/actions/passkeys.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { PasswordField } from "./password-field.tsx";
import { Refused } from "./refused.tsx";
import { useAsking } from "./use-asking.ts";

/** The passkey to end; `of` is its person's name when that is somebody else. */
export type Revoking = { id: string; name: string; of?: string };

/** Ends a passkey by the password of whoever is signed in: a session alone is not enough. */
export function RevokePasskey({
  passkey,
  onClose,
}: {
  passkey: Revoking | null;
  onClose: () => void;
}) {
  const [password, setPassword] = useState("");
  const act = useAsking();
  const close = () => {
    setPassword("");
    act.clear();
    onClose();
  };
  const revoke = async () => {
    if (!passkey) return;
    const answer = await act.ask(() => revokePasskey({ passkeyId: passkey.id, password }));
    setPassword("");
    if (!answer?.ok) return;
    toast.done("The passkey signs no more");
    close();
  };
  return (
    <FormDialog
      open={passkey !== null}
      onOpenChange={close}
      title={`Revoke ${passkey ? visibleText(passkey.name) : "it"}${passkey?.of ? ` of ${passkey.of}` : ""}?`}
      description="It can never sign again, and what it signed that is not in effect yet no longer counts. What is in effect stays as it is."
      submit="Revoke passkey"
      tone="danger"
      pending={act.pending}
      onSubmit={() => void revoke()}
    >
      <PasswordField
        password={password}
        error={act.fields["password"]?.[0]}
        onPassword={setPassword}
      />
      <Refused reasons={act.refusal} />
    </FormDialog>
  );
}
