/** What the demo night's people say of a summary's claims, so that the review room has something to look at. */
import { randomUUID } from "node:crypto";
import { judgeOverride } from "#lib/commands/judge-override.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import type { Actor } from "#lib/commands/actor.ts";
import type { Db } from "#lib/db/prisma.ts";

type People = { first: Actor; second: Actor; lead: Actor };

/** Two claims accepted, one disputed and judged by the lead, one corrected. */
export async function overruleDemo(
  db: Db,
  incidentId: string,
  { first, second, lead }: People,
): Promise<void> {
  const summary = await db.summary.findFirstOrThrow({
    where: { incidentId, origin: "rules" },
    orderBy: { version: "desc" },
    select: {
      claims: {
        where: { front: true },
        orderBy: { ordinal: "asc" },
        take: 4,
        select: { id: true, text: true },
      },
    },
  });
  const [disputed, corrected, ...accepted] = summary.claims;
  for (const { id } of accepted)
    await reviewClaim(db, { claimId: id, outcome: "accepted" }, second);
  if (disputed) {
    const reason = "The scanner does this every Sunday; it says nothing about an attack.";
    const review = { claimId: disputed.id, outcome: "disputed", reason } as const;
    const { id } = await reviewClaim(db, review, first);
    const verdict = { idem: randomUUID(), overrideId: id, outcome: "partly" } as const;
    const note = "True of the scanner; the claim itself is what the records say.";
    await judgeOverride(db, { ...verdict, note }, lead);
  }
  if (corrected) {
    await reviewClaim(
      db,
      {
        claimId: corrected.id,
        outcome: "corrected",
        replacement: `${corrected.text.replace(/\.$/, "")}, in the scanner's own window.`,
        reason: "Whoever reads it should see that it was announced.",
      },
      second,
    );
  }
}
