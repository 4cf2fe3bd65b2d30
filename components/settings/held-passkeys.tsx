"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { HeldPasskey, HeldPasskeyPage } from "#lib/contracts/passkey-view.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { RevokePasskey, type Revoking } from "./revoke-passkey.tsx";

type Props = HeldPasskeyPage & { isFirst: boolean };

/** Everybody's passkeys: whose each is, when it signed last, and how to end it for who cannot. */
export function HeldPasskeys({ passkeys, nextCursor, isFirst }: Props) {
  const [asking, setAsking] = useState<Revoking | null>(null);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[960px] flex-col px-6 py-6">
        <PageHead title="Passkeys">
          What people sign with. Each enrols and revokes their own on their account; here you end
          one for somebody who cannot, such as of a device that was lost.
        </PageHead>
        {passkeys.length === 0 ? (
          <EmptyState
            flush
            icon={<KeyRound strokeWidth={1.5} aria-hidden />}
            title={isFirst ? "Nobody has a passkey yet" : "No older passkeys"}
          >
            Analysts and leads enrol one on their account.
          </EmptyState>
        ) : (
          <div className="overflow-x-auto">
            <DataTable aria-label="Everybody's passkeys">
              <thead>
                <tr>
                  <Th className="pl-0">Person</Th>
                  <Th>Name</Th>
                  <Th>Enrolled</Th>
                  <Th>Last signed</Th>
                  <Th>
                    <span className="sr-only">Revoke</span>
                  </Th>
                </tr>
              </thead>
              <tbody>
                {passkeys.map((passkey) => (
                  <Held key={passkey.id} passkey={passkey} onRevoke={setAsking} />
                ))}
              </tbody>
            </DataTable>
          </div>
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href="/passkeys">Newest</ButtonLink>}
          {nextCursor ? (
            <ButtonLink href={`/passkeys?cursor=${encodeURIComponent(nextCursor)}`}>
              Older
            </ButtonLink>
          ) : null}
        </nav>
        <RevokePasskey passkey={asking} onClose={() => setAsking(null)} />
      </div>
    </div>
  );
}

function Held({
  passkey,
  onRevoke,
}: {
  passkey: HeldPasskey;
  onRevoke: (passkey: Revoking) => void;
}) {
  const { id, name, person, revokedAt } = passkey;
  return (
    <Tr>
      <Td className="pl-0">
        <PersonChip name={person.name} role={person.role} />
      </Td>
      <Td className="max-w-[220px] truncate" title={visibleText(name)}>
        <HostileText text={name} />
      </Td>
      <Td className="text-dim">
        <RelativeTime at={passkey.enrolledAt} />
      </Td>
      <Td className="text-dim">
        {passkey.lastUsedAt ? <RelativeTime at={passkey.lastUsedAt} /> : "Never"}
      </Td>
      <Td className="w-px pr-0 text-right">
        {revokedAt ? (
          <Badge>Revoked</Badge>
        ) : (
          <Button
            size="sm"
            tone="quiet"
            aria-label={`Revoke ${visibleText(name)} of ${person.name}`}
            onClick={() => onRevoke({ id, name, of: person.name })}
          >
            Revoke
          </Button>
        )}
      </Td>
    </Tr>
  );
}
