"use client";

import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Badge } from "#components/ui/badge.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import type { HeldPasskey, PasskeyView } from "#lib/contracts/passkey-view.ts";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { RevokePasskey, type Revoking } from "./revoke-passkey.tsx";

type Props = { label: string } & (
  | { of: "me"; passkeys: PasskeyView[] }
  | { of: "everybody"; passkeys: HeldPasskey[] }
);

/** What each passkey is called, when it signed last, and how to end it; of everybody, whose it is besides. */
export function PasskeyTable({ label, of, passkeys }: Props) {
  const [asking, setAsking] = useState<Revoking | null>(null);
  return (
    <div className="overflow-x-auto">
      <DataTable aria-label={label}>
        <thead>
          <tr>
            {of === "everybody" ? <Th className="pl-0">Person</Th> : null}
            <Th className={of === "me" ? "pl-0" : undefined}>Name</Th>
            <Th>Enrolled</Th>
            <Th>Last signed</Th>
            <Th>
              <span className="sr-only">Revoke</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {passkeys.map((passkey) => (
            <Row
              key={passkey.id}
              passkey={passkey}
              person={"person" in passkey ? passkey.person : null}
              onRevoke={setAsking}
            />
          ))}
        </tbody>
      </DataTable>
      <RevokePasskey passkey={asking} onClose={() => setAsking(null)} />
    </div>
  );
}

type RowProps = {
  passkey: Omit<HeldPasskey, "person">;
  /** Null: the reader. */
  person: HeldPasskey["person"] | null;
  onRevoke: (passkey: Revoking) => void;
};

function Row({
  passkey: { id, name, enrolledAt, lastUsedAt, revokedAt },
  person,
  onRevoke,
}: RowProps) {
  return (
    <Tr>
      {person ? (
        <Td className="pl-0">
          <PersonChip name={person.name} role={person.role} />
        </Td>
      ) : null}
      <Td
        className={person ? "max-w-[220px] truncate" : "max-w-[260px] truncate pl-0"}
        title={visibleText(name)}
      >
        <HostileText text={name} />
      </Td>
      <Td className="text-dim">
        <RelativeTime at={enrolledAt} />
      </Td>
      <Td className="text-dim">{lastUsedAt ? <RelativeTime at={lastUsedAt} /> : "Never"}</Td>
      <Td className="w-px pr-0 text-right">
        {revokedAt ? (
          <Badge>Revoked</Badge>
        ) : (
          <Button
            size="sm"
            tone="quiet"
            aria-label={`Revoke ${visibleText(name)}${person ? ` of ${person.name}` : ""}`}
            onClick={() => onRevoke({ id, name, ...(person && { of: person.name }) })}
          >
            Revoke
          </Button>
        )}
      </Td>
    </Tr>
  );
}
