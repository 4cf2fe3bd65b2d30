"use client";

import { useState } from "react";
import { HostileText } from "#components/marks/hostile-text.tsx";
import { PersonChip } from "#components/marks/person-chip.tsx";
import { Button } from "#components/ui/button.tsx";
import { DataTable, Td, Th, Tr } from "#components/ui/data-table.tsx";
import { ExactTime } from "#components/ui/relative-time.tsx";
import { holdLiftStatement, liftHold } from "#lib/actions/erasures.ts";
import type { HoldView, RetentionPage } from "#lib/contracts/erasure-views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { ReasonField } from "./retention-ask.tsx";
import { IncidentLink, Pages } from "./retention-parts.tsx";
import { SignedDialog } from "./signed-dialog.tsx";
import { useAsking } from "./use-asking.ts";

type Props = { page: RetentionPage; asked: { incident?: string; holdCursor?: string }; role: Role };

/** Every hold, newest first: what it covers, why, and how it ended. */
export function Holds({ page, asked, role }: Props) {
  const [lifting, setLifting] = useState<HoldView | null>(null);
  return (
    <section aria-labelledby="holds" className="flex flex-col gap-3">
      <h2 id="holds" className="text-lg font-semibold">
        Legal holds
      </h2>
      {page.holds.length === 0 ? (
        <p className="text-dim">
          No hold. Place one before a court, a regulator or counsel needs what is here.
        </p>
      ) : (
        <div className="overflow-x-auto border-t">
          <DataTable aria-label="Legal holds">
            <thead>
              <tr>
                <Th className="pl-0">Covers</Th>
                <Th>Why</Th>
                <Th>Placed</Th>
                <Th>State</Th>
                <Th className="pr-0">
                  <span className="sr-only">Act</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {page.holds.map((hold) => (
                <Row key={hold.id} hold={hold} role={role} onLift={setLifting} />
              ))}
            </tbody>
          </DataTable>
        </div>
      )}
      <Pages
        label="Pages of holds"
        asked={asked}
        param="holdCursor"
        isFirst={asked.holdCursor === undefined}
        next={page.nextHold}
      />
      {lifting ? <Lift hold={lifting} onClose={() => setLifting(null)} /> : null}
    </section>
  );
}

type RowProps = { hold: HoldView; role: Role; onLift: (hold: HoldView) => void };

function Row({ hold, role, onLift }: RowProps) {
  return (
    <Tr>
      <Td className="pl-0 whitespace-nowrap">
        {hold.incident ? <IncidentLink incident={hold.incident} role={role} /> : "Everything"}
      </Td>
      <Td className="min-w-48 py-1.5 wrap-anywhere">
        <HostileText text={hold.reason} />
      </Td>
      <Td className="py-1.5">
        <PersonChip name={hold.by.name} role={hold.by.role} />
        <ExactTime at={hold.at} className="block text-xs text-dim" />
      </Td>
      <Td className="min-w-40 py-1.5 wrap-anywhere">
        {hold.lifted ? <Lifted lifted={hold.lifted} /> : "Stands"}
      </Td>
      <Td className="pr-0 text-right">
        {may(role, "retention:manage") && !hold.lifted ? (
          <Button
            size="sm"
            aria-label={`Lift the hold on ${hold.incident?.number ?? "everything"}`}
            onClick={() => onLift(hold)}
          >
            Lift
          </Button>
        ) : null}
      </Td>
    </Tr>
  );
}

function Lifted({ lifted }: { lifted: NonNullable<HoldView["lifted"]> }) {
  return (
    <>
      Lifted by <PersonChip name={lifted.by.name} role={lifted.by.role} />
      <span className="block text-xs text-dim">
        <ExactTime at={lifted.at} />: <HostileText text={lifted.reason} />
      </span>
    </>
  );
}

function Lift({ hold, onClose }: { hold: HoldView; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const act = useAsking();
  const input = { holdId: hold.id, reason };
  return (
    <SignedDialog
      title="Lift a legal hold"
      description={`On ${hold.incident?.number ?? "everything"}: what it covers may be erased again, from your signature on.`}
      meaning="I know why this was held, and I answer for letting it go."
      submit="Sign"
      done="The hold is lifted"
      show={() => holdLiftStatement(input)}
      sign={(signature) => liftHold({ ...input, ...signature })}
      onClose={onClose}
      act={act}
    >
      <ReasonField value={reason} errors={act.fields} onChange={setReason} />
    </SignedDialog>
  );
}
