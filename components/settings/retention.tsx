"use client";

import { useState } from "react";
import { Button, ButtonLink } from "#components/ui/button.tsx";
import { PageHead } from "#components/ui/page-head.tsx";
import type { RetentionPage } from "#lib/contracts/erasure-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { AskErasure, PlaceHold } from "./retention-ask.tsx";
import { Erasures } from "./retention-erasures.tsx";
import { Holds } from "./retention-holds.tsx";

type Asked = { incident?: string; cursor?: string; holdCursor?: string };
type Props = { person: PersonView; page: RetentionPage; asked: Asked };

/** What must be kept, and what the law has erased: who asked, who approved, and which entry says so. */
export function Retention({ person, page, asked }: Props) {
  const [asking, setAsking] = useState<"hold" | "erasure" | null>(null);
  const { incident } = asked;
  const mayManage = may(person.role, "retention:manage");
  const close = () => setAsking(null);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex w-full max-w-[1040px] flex-col gap-7 px-6 py-6">
        <div className="flex flex-col gap-3">
          <PageHead title="Retention">
            A legal hold keeps everything it covers. An erasure takes away, for good, what the
            entries of a closed incident tell: one lead or admin asks, another approves. The trail
            stays whole, and says by which entry it was erased.
          </PageHead>
          {incident ? (
            <p className="flex flex-wrap items-center gap-2 text-dim">
              Only what concerns {incident} is listed.
              <ButtonLink href="/retention">Show everything</ButtonLink>
            </p>
          ) : null}
          {mayManage ? (
            <div className="flex flex-wrap gap-2">
              <Button onClick={() => setAsking("hold")}>Place a legal hold</Button>
              <Button onClick={() => setAsking("erasure")}>Ask for an erasure</Button>
            </div>
          ) : null}
        </div>
        <Holds page={page} asked={asked} role={person.role} />
        <Erasures page={page} asked={asked} person={person} />
        {asking === "hold" ? <PlaceHold incident={incident ?? ""} onClose={close} /> : null}
        {asking === "erasure" ? <AskErasure incident={incident ?? ""} onClose={close} /> : null}
      </div>
    </div>
  );
}
