"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import type { PasskeyView } from "#lib/contracts/passkey-view.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { EnrolPasskey } from "./enrol-passkey.tsx";
import { PasskeyTable } from "./passkey-table.tsx";

export type PasskeysProps = {
  person: PersonView;
  passkeys: PasskeyView[];
  /** Of an enrolment in this session; base64url. */
  challenge: string;
};

/** The person's passkeys: what each is called, when it signed last, and how to end it. */
export function Passkeys({ person, passkeys, challenge }: PasskeysProps) {
  const [enrolling, setEnrolling] = useState(false);
  return (
    <>
      {passkeys.length === 0 ? (
        <p className="text-dim">
          You have no passkey. With one you sign by your device, and anyone can check later that the
          signature is over the stored statement.
        </p>
      ) : (
        <PasskeyTable label="Your passkeys" of="me" passkeys={passkeys} />
      )}
      <Button className="self-start" onClick={() => setEnrolling(true)}>
        Enrol a passkey
      </Button>
      <EnrolPasskey
        open={enrolling}
        onOpenChange={setEnrolling}
        making={{ person, challenge, known: passkeys.filter(({ revokedAt }) => !revokedAt) }}
      />
    </>
  );
}
