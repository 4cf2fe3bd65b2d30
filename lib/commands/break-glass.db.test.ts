import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { anotherLead, WHY_ALONE } from "#lib/db/testing-flow.ts";
import { makeIncident, type TestPerson } from "#lib/db/testing-people.ts";
import { enrolForTest } from "#lib/db/testing-passkeys.ts";
import { makeWorld } from "#lib/db/testing-world.ts";
import type { World } from "#lib/db/testing-world.ts";
import { Problem } from "#lib/domain/problem.ts";
import { findDecision, waitingForMe } from "#lib/queries/list-decisions.ts";
import { listIncidents } from "#lib/queries/list-incidents.ts";
import { listSecondReviews } from "#lib/queries/list-second-reviews.ts";
import { secondReviewStatement } from "#lib/queries/second-review-statement.ts";
import { base64url } from "#lib/signing/passkey.ts";
import type { Assertion } from "#lib/signing/passkey.ts";
import { hasOpenssl, opensslSays } from "#lib/signing/testing-openssl.ts";
import { TEST_PARTY } from "#lib/signing/testing-passkey.ts";
import type { SoftPasskey } from "#lib/signing/testing-passkey.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { giveSecondReviewWithPasskey } from "./give-second-review-with-passkey.ts";
import { giveSecondReview } from "./give-second-review.ts";
import { proposeDecision } from "./propose-decision.ts";
import { signDecision } from "./sign-decision.ts";
import { signWithPasskey } from "./sign-with-passkey.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());

const actor = ({ id }: TestPerson) => ({ kind: "person", session: null, id }) as const;

async function propose(by: TestPerson, reason: string = WHY_ALONE) {
  const { id: incidentId, number } = await makeIncident(world.db);
  const content = { kind: "escalation", reason, to: "IR retainer" } as const;
  const input = { incidentId, content, waivedClaimIds: [], breakGlass: true, idem: randomUUID() };
  return { incidentId, number, ...(await proposeDecision(world.db.web, input, actor(by))) };
}

async function signByPasskey(decisionId: string, person: TestPerson) {
  const passkey = await enrolForTest(world.web, { person });
  const decision = await findDecision(world.db.web, decisionId);
  const made = passkey.sign({ statementSha256: Buffer.from(decision!.statementSha256, "hex") });
  const sent = { decisionId, personId: person.id, session: null, reason: null };
  return signWithPasskey(world.db.verifier, { ...sent, ...sentOf(passkey, made) }, TEST_PARTY);
}

/** An assertion as a browser sends it. */
function sentOf({ credentialId }: SoftPasskey, made: Assertion) {
  return {
    credentialId: base64url(credentialId),
    authenticatorData: base64url(made.authenticatorData),
    clientDataJSON: base64url(made.clientDataJson),
    signature: base64url(made.signature),
  };
}

async function decidedAlone() {
  const proposed = await propose(world.lea);
  await signByPasskey(proposed.id, world.lea);
  return proposed;
}

const codesOf = (answer: object) =>
  "reasons" in answer ? (answer.reasons as { code: string }[]).map(({ code }) => code) : [];

describe("break-glass", () => {
  test("is refused to an analyst, and to a lead who does not say why nobody else could sign", async () => {
    expect(codesOf(await propose(world.ana))).toEqual(["proposer_role"]);
    expect(codesOf(await propose(world.lea, "It is late."))).toEqual(["break_glass_reason_short"]);
  });

  test("waits for the lead who proposed it, whose password is not enough", async () => {
    const { id } = await propose(world.lea);
    const waiting = await waitingForMe(world.db.web, { id: world.lea.id, role: "lead" });
    expect(waiting).toContainEqual(expect.objectContaining({ id, breakGlass: true }));
    expect(
      await waitingForMe(world.db.web, { id: world.bo.id, role: "analyst" }),
    ).not.toContainEqual(expect.objectContaining({ id }));
    const { statementSha256 } = (await findDecision(world.db.web, id))!;
    const { password } = world.lea;
    const input = { decisionId: id, outcome: "approved", statementSha256, password } as const;
    await expect(
      signDecision(world.db.web, { ...input, reason: null }, actor(world.lea)),
    ).rejects.toMatchObject({ code: "passkey_needed" });
    expect(await signByPasskey(id, world.lea)).toMatchObject({ ok: true, state: "in_effect" });
  });

  test("says in the statement who decides how", async () => {
    const { id } = await propose(world.lea);
    const { statement } = (await findDecision(world.db.web, id))!;
    expect(JSON.parse(statement)).toMatchObject({
      breakGlass: true,
      meaning: expect.stringContaining("I decide this alone, by break-glass"),
      policy: { signOffs: 1, minRole: "lead", assurance: "passkey", distinctFromProposer: false },
    });
  });
});

describe("the second review", () => {
  test("is due on the list until another lead gives it, and is marked in the queue", async () => {
    const { id, number } = await decidedAlone();
    const markOf = async () => {
      const page = await listIncidents(world.db.web, { personId: null, q: String(number) });
      return page.incidents[0]?.breakGlass;
    };
    expect(await markOf()).toBe("review_due");
    const due = await listSecondReviews(world.db.web, { state: "due", cursor: null, limit: 50 });
    expect(due.reviews).toContainEqual(expect.objectContaining({ decisionId: id, given: null }));
    const max = await anotherLead(world);
    const said = { decisionId: id, outcome: "objected", words: "It could have waited." } as const;
    const { statementSha256, assurance } = await secondReviewStatement(world.db.web, said, max.id);
    expect(assurance).toBe("password");
    const review = { ...said, statementSha256, password: max.password };
    await expect(
      giveSecondReview(world.db.web, { ...review, password: "not mine" }, actor(max)),
    ).rejects.toMatchObject({ code: "password_wrong" });
    await expect(
      giveSecondReview(world.db.web, { ...review, outcome: "upheld" }, actor(max)),
    ).rejects.toMatchObject({ code: "statement_changed" });
    expect(await giveSecondReview(world.db.web, review, actor(max))).toEqual({ ok: true });
    expect(await markOf()).toBe("objected");
    expect((await findDecision(world.db.web, id))?.secondReview?.given).toMatchObject({
      outcome: "objected",
      words: "It could have waited.",
      person: { id: max.id },
      assurance: "password",
    });
    const given = await listSecondReviews(world.db.web, { state: "given", cursor: null, limit: 1 });
    expect(given.reviews).toMatchObject([
      { decisionId: id, signers: [{ id: world.lea.id }], given: { assurance: "password" } },
    ]);
    expect(codesOf(await giveSecondReview(world.db.web, review, actor(max)))).toEqual(["reviewed"]);
  });

  test.runIf(hasOpenssl())(
    "is signed by a passkey over its own statement, and openssl finds what is stored good",
    async () => {
      const { id } = await decidedAlone();
      const max = await anotherLead(world);
      const passkey = await enrolForTest(world.web, { person: max });
      const said = { decisionId: id, outcome: "upheld", words: "It could not wait." } as const;
      const { statement, passkeys } = await secondReviewStatement(world.db.web, said, max.id);
      expect(passkeys.map(({ name }) => name)).toEqual(["key ring"]);
      const decision = await findDecision(world.db.web, id);
      expect(JSON.parse(statement)).toEqual({
        act: "give_second_review",
        decision: id,
        decisionStatementSha256: decision!.statementSha256,
        outcome: "upheld",
        person: max.id,
        words: "It could not wait.",
        v: 1,
      });
      const review = (over: string) => {
        const made = passkey.sign({ statementSha256: sha256(over) });
        const input = { ...said, personId: max.id, session: null, ...sentOf(passkey, made) };
        return giveSecondReviewWithPasskey(world.db.verifier, input, TEST_PARTY);
      };
      await expect(review(decision!.statement)).rejects.toMatchObject({
        code: "statement_changed",
      });
      expect(await review(statement)).toEqual({ ok: true });
      await expect(review(statement)).rejects.toMatchObject({ code: "not_open" });
      const row = await world.db.web.secondReview.findUniqueOrThrow({ where: { decisionId: id } });
      expect(row).toMatchObject({
        assurance: "passkey",
        role: "lead",
        statement,
        passkeyId: passkey.id,
      });
      const stored = {
        publicKey: passkey.publicKey,
        authenticatorData: Buffer.from(row.authenticatorData!),
        clientDataJson: Buffer.from(row.clientDataJson!),
        signature: Buffer.from(row.signature!),
        statement: row.statement!,
      };
      const { challenge } = JSON.parse(stored.clientDataJson.toString()) as { challenge: string };
      expect(opensslSays(stored)).toEqual({ verdict: "Verified OK", challenge });
      const { rows } = await world.db.pools.owner.query(
        `select convert_from(p.bytes, 'UTF8')::jsonb as payload from trail.entry e join trail.payload p using (seq)
       where e.kind = 'decision.second_reviewed' order by seq desc limit 1`,
      );
      expect(rows[0].payload).toMatchObject({
        assurance: "passkey",
        reviewSha256: sha256(statement).toString("hex"),
        signatureSha256: sha256(stored.signature).toString("hex"),
      });
    },
  );

  test("is refused to whoever decided, to an analyst, and where none is due", async () => {
    const { id } = await decidedAlone();
    const by = (person: TestPerson, decisionId = id) =>
      giveSecondReview(
        world.db.web,
        {
          ...{ decisionId, outcome: "upheld", words: "It was right." },
          ...{ statementSha256: "0".repeat(64), password: person.password },
        },
        actor(person),
      );
    expect(codesOf(await by(world.lea))).toEqual(["reviewer_decided"]);
    expect(codesOf(await by(world.ana))).toEqual(["role_too_low"]);
    expect(codesOf(await by(world.lea, world.closed.decision.id))).toEqual(["not_due"]);
    await expect(by(world.lea, randomUUID())).rejects.toBeInstanceOf(Problem);
  });

  test("is listed page by page, the most urgent first, each once", async () => {
    await Promise.all([decidedAlone(), decidedAlone(), decidedAlone()]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listSecondReviews(world.db.web, { state: "due", cursor, limit: 2 });
      seen.push(...page.reviews.map(({ dueAt, decisionId }) => `${dueAt} ${decisionId}`));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(seen.toSorted());
    expect(new Set(seen).size).toBe(seen.length);
    const { rows } = await world.web.query(
      "select count(*)::int as n from second_review where at is null",
    );
    expect(seen).toHaveLength(rows[0].n);
  });
});
