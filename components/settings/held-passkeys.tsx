"use client";

import { KeyRound } from "lucide-react";
import { ButtonLink } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import { EmptyState } from "#components/ui/states.tsx";
import type { HeldPasskeyPage } from "#lib/contracts/passkey-view.ts";
import { PasskeyTable } from "./passkey-table.tsx";

type Props = HeldPasskeyPage & { isFirst: boolean };

/** Everybody's passkeys: whose each is, when it signed last, and how to end it for who cannot. */
export function HeldPasskeys({ passkeys, nextCursor, isFirst }: Props) {
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
          <PasskeyTable label="Everybody's passkeys" of="everybody" passkeys={passkeys} />
        )}
        <nav aria-label="Pages" className="flex gap-2 pt-3">
          {isFirst ? null : <ButtonLink href="/passkeys">Newest</ButtonLink>}
          {nextCursor ? (
            <ButtonLink href={`/passkeys?cursor=${encodeURIComponent(nextCursor)}`}>
              Older
            </ButtonLink>
          ) : null}
        </nav>
      </div>
    </div>
  );
}
