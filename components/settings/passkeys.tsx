"use client";

import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { PasskeyView } from "#lib/contracts/passkey-view.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { EnrolPasskey } from "./enrol-passkey.tsx";
import { RevokePasskey } from "./revoke-passkey.tsx";

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
        <PasskeyTable passkeys={passkeys} />
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

function PasskeyTable({ passkeys }: { passkeys: PasskeyView[] }) {
  const [asking, setAsking] = useState<PasskeyView | null>(null);
  return (
    <div className="overflow-x-auto">
      <DataTable aria-label="Your passkeys">
        <thead>
          <tr>
            <Th className="pl-0">Name</Th>
            <Th>Enrolled</Th>
            <Th>Last signed</Th>
            <Th>
              <span className="sr-only">Revoke</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {passkeys.map((passkey) => (
            <Tr key={passkey.id}>
              <Td className="max-w-[260px] truncate pl-0" title={visibleText(passkey.name)}>
                <HostileText text={passkey.name} />
              </Td>
              <Td className="text-dim">
                <RelativeTime at={passkey.enrolledAt} />
              </Td>
              <Td className="text-dim">
                {passkey.lastUsedAt ? <RelativeTime at={passkey.lastUsedAt} /> : "Never"}
              </Td>
              <Td className="w-px pr-0 text-right">
                {passkey.revokedAt ? (
                  <Badge>Revoked</Badge>
                ) : (
                  <Button
                    size="sm"
                    tone="quiet"
                    aria-label={`Revoke ${visibleText(passkey.name)}`}
                    onClick={() => setAsking(passkey)}
                  >
                    Revoke
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </DataTable>
      <RevokePasskey passkey={asking} onClose={() => setAsking(null)} />
    </div>
  );
}
