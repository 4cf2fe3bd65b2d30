"use client";

import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { Notice } from "#components/ui/states.tsx";
import type { BulkMemberNow } from "#lib/contracts/bulk-views.ts";
import { may } from "#lib/domain/people/permissions.ts";
import { askSigning } from "./ask-gate.ts";
import { BulkClosureDialog } from "./bulk-closure-dialog.tsx";
import { BulkMembers } from "./bulk-members.tsx";
import { ReviewHeader, SignOffs } from "./decision-review.tsx";
import type { ReviewProps } from "./decision-review.tsx";
import { ReviewStatement } from "./review-statement.tsx";
import { SignPanel } from "./sign-panel.tsx";

type Props = Omit<ReviewProps, "claims"> & { members: readonly BulkMemberNow[] };

/** The same moment for a closure of several incidents: all of them are in the statement, and here as they stand now. */
export function BulkReview(props: Props) {
  const { person, head, decision, statement, members } = props;
  const now = useNow(1000);
  const changed = members.filter((member) => member.changed);
  const stale = decision.state === "stale" || (decision.state === "proposed" && changed.length > 0);
  const reasons = askSigning({ ...props, now }).filter(({ code }) => code !== "stale");
  if (stale) {
    reasons.push({
      code: "stale",
      sentence: `${changed.length} of these incidents changed after this was proposed, so that none of them can be closed by it.`,
    });
  }
  return (
    <div data-bare className="flex min-h-0 flex-1 flex-col">
      <ReviewHeader head={head} decision={decision} now={now} />
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
          <SignOffs decision={decision} />
        </section>
      </div>
      <SignPanel
        person={person}
        decision={decision}
        meaning={statement.meaning}
        passkeys={props.passkeys}
        reasons={reasons}
        maySign={may(person.role, "decision:sign")}
      />
    </div>
  );
}

/** Which ones changed, and the way on: the others, proposed again. */
function Changed({
  person,
  decision,
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
