/** People at work on incidents, through the same commands as their screens. */
import { randomUUID } from "node:crypto";
import type { Actor } from "#lib/commands/actor.ts";
import { addNote } from "#lib/commands/add-note.ts";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { reviewClaim } from "#lib/commands/review-claim.ts";
import { setVerdict } from "#lib/commands/set-verdict.ts";
import { signDecision } from "#lib/commands/sign-decision.ts";
import { makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { findDecision } from "#lib/queries/list-decisions.ts";

export type Acts = {
  /** How long each act took, in ms. */
  took: number[];
  /** What failed, in its own words. */
  failures: string[];
  questions: number;
};

type Team = { ana: TestPerson; ben: TestPerson };

/** Two analysts who work until told to stop, each incident given in turn. */
export async function workOn(
  db: TestDatabase,
  nextIncident: () => Promise<string | undefined>,
  signal: AbortSignal,
): Promise<Acts> {
  const acts: Acts = { took: [], failures: [], questions: 0 };
  const team = {
    ana: await makePerson(db, "analyst", "Ana"),
    ben: await makePerson(db, "analyst", "Ben"),
  };
  while (!signal.aborted) {
    const incidentId = await nextIncident();
    if (incidentId !== undefined) await workOnOne(db, { team, incidentId, acts });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return acts;
}

type One = { team: Team; incidentId: string; acts: Acts };

async function workOnOne(db: TestDatabase, { team, incidentId, acts }: One): Promise<void> {
  const ana = actorOf(team.ana);
  async function act(run: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    try {
      await run();
    } catch (error) {
      acts.failures.push((error as Error).message);
    }
    acts.took.push(performance.now() - startedAt);
  }
  await act(() => addNote(db.web, { incidentId, text: "Looked at it." }, ana));
  await act(() => setVerdict(db.web, { incidentId, verdict: "benign" }, ana));
  await act(() => reviewFirstClaim(db, incidentId, ana));
  await act(() => decide(db, { ...team, incidentId }));
  acts.questions += 1;
  const question = {
    kind: "answer",
    incidentId,
    question: "Which host was it?",
    idem: randomUUID(),
  } as const;
  await act(() => requestRun(db.web, question, ana));
}

async function reviewFirstClaim(db: TestDatabase, incidentId: string, by: Actor): Promise<void> {
  const claim = await db.web.claim.findFirst({
    where: { summary: { incidentId, origin: "rules" } },
    orderBy: [{ summary: { version: "desc" } }, { ordinal: "asc" }],
    select: { id: true },
  });
  if (claim) await reviewClaim(db.web, { claimId: claim.id, outcome: "accepted" }, by);
}

/** An escalation: proposed by one, signed by the other with their password. */
async function decide(
  db: TestDatabase,
  { ana, ben, incidentId }: Team & { incidentId: string },
): Promise<void> {
  const content = {
    kind: "escalation",
    reason: "This needs a closer look by others.",
    to: "tier 3",
  } as const;
  const proposal = { incidentId, content, waivedClaimIds: [], idem: randomUUID() };
  const proposed = await proposeDecision(db.web, proposal, actorOf(ana));
  if (!proposed.ok)
    throw new Error(`refused: ${proposed.reasons.map(({ code }) => code).join(", ")}`);
  const decision = await findDecision(db.web, proposed.id);
  const signature = {
    decisionId: proposed.id,
    outcome: "approved",
    statementSha256: decision!.statementSha256,
    password: ben.password,
    reason: null,
  } as const;
  const signed = await signDecision(db.web, signature, actorOf(ben));
  if (!signed.ok) throw new Error(`not signed: ${signed.code}`);
}

function actorOf({ id, role }: TestPerson): Actor {
  return { kind: "person", session: null, id, role };
}
