"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { BulkMemberNow } from "#lib/contracts/bulk-views.ts";
import type { ReviewView } from "#lib/contracts/review-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { askRejecting, askSigning } from "./ask-gate.ts";
import { BulkClosureDialog } from "./bulk-closure-dialog.tsx";
import { BulkMembers } from "./bulk-members.tsx";
import { ReviewHeader, SignOffs } from "./decision-review.tsx";
import { ReviewStatement } from "./review-statement.tsx";
import type { Reason } from "./reasons.tsx";
import { SignPanel } from "./sign-panel.tsx";
import { TakenBy } from "./taken-by.tsx";
import { useHeld } from "./use-taking.ts";

type Props = { person: PersonView; review: ReviewView; members: readonly BulkMemberNow[] };

/** The same moment for a closure of several incidents: all of them are in the statement, and here as they stand now. */
export function BulkReview(props: Props) {
  const { person, review, members } = props;
  const { head, decision, facts, take } = review;
  const now = useNow();
  useHeld(decision.id, take?.person.id === person.id);
  const statement = JSON.parse(decision.statement) as Statement;
  const changed = members.filter((member) => member.changed);
  const stale = decision.state === "stale" || (decision.state === "proposed" && changed.length > 0);
  const notOpened = members.reduce((sum, member) => sum + member.notOpened, 0);
  const question = { person, decision, statement, facts, notOpened, now };
  const void_ = stale ? [changedReason(changed.length)] : [];
  const reasons = [...askSigning(question).filter(isNotStale), ...void_];
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <ReviewHeader
        head={head}
        decision={decision}
        now={now}
        mayRead={may(person.role, "trail:read")}
      >
        <TakenBy take={take} personId={person.id} />
      </ReviewHeader>
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto md:grid-cols-2 md:divide-x md:overflow-hidden">
        <section
          aria-label="What is signed"
          tabIndex={0}
          className="flex min-w-0 flex-col gap-5 px-6 py-5 outline-offset-[-2px] md:overflow-y-auto lg:px-10"
        >
          {stale ? <Changed {...props} changed={changed} /> : null}
          <ReviewStatement decision={decision} statement={statement} />
        </section>
        <section
          aria-label="What it rests on"
          tabIndex={0}
          className="flex min-w-0 flex-col gap-5 px-6 py-5 outline-offset-[-2px] md:overflow-y-auto lg:px-10"
        >
          {changed.length > 0 ? <BulkMembers label="Changed" members={changed} /> : null}
          <BulkMembers tall label="Incidents" members={members} />
          <SignOffs decision={decision} now={now} />
        </section>
      </div>
      <SignPanel
        person={person}
        decision={decision}
        meaning={statement.meaning}
        passkeys={review.passkeys}
        reasons={reasons}
        mayReject={
          void_.length === 0 && askRejecting(question).every((reason) => !isNotStale(reason))
        }
        onOpenMissing={null}
        maySign={may(person.role, "decision:sign")}
      />
    </div>
  );
}

function isNotStale({ code }: Reason): boolean {
  return code !== "stale";
}

function changedReason(count: number): Reason {
  return {
    code: "stale",
    sentence: `${count} of these incidents changed after this was proposed, so that none of them can be closed by it.`,
  };
}

/** Which ones changed, and the way on: the others, proposed again. */
function Changed({
  person,
  review: { decision },
  members,
  changed,
}: Props & { changed: readonly BulkMemberNow[] }) {
  const [proposing, setProposing] = useState(false);
  const others = members.filter((member) => !member.changed).map(({ id }) => id);
  const { content } = decision;
  const words = changed.slice(0, 5).map(({ number }) => number);
  const more = changed.length - words.length;
  return (
    <>
      <Notice
        tone="warn"
        action={
          may(person.role, "decision:propose") && others.length > 0 ? (
            <Button size="sm" onClick={() => setProposing(true)}>
              Propose again without {changed.length === 1 ? "it" : `the ${changed.length}`}
            </Button>
          ) : null
        }
      >
        Changed since this was proposed: {words.join(", ")}
        {more > 0 ? ` and ${more} more` : ""}. It can no longer be signed.
      </Notice>
      {proposing && content.kind === "closure" ? (
        <BulkClosureDialog
          incidentIds={others}
          again={content}
          onClose={() => setProposing(false)}
        />
      ) : null}
    </>
  );
}
