import { sha256 } from "#lib/trail/tree.ts";
import {
  anotherLead,
  decidedAlone,
  giveSecondReview,
  giveSecondReviewByPasskey,
  REVIEW_WORDS,
  reviewStatement,
} from "./testing-flow.ts";
import { proofOf } from "./testing-gate.ts";
import { enrolForTest } from "./testing-passkeys.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const SIGNATURE = "check_second_review_signature on second_review";

/** Attacks on the signature of a second review: none, another's, over something else, or of less than is asked. */
export const REVIEW_ATTACKS: Attack[] = [
  {
    ...attack("G13 a second review is signed", "owner: a second review without a signature", (w) =>
      unsigned(w),
    ),
    notices: SIGNATURE,
  },
  attack("G13 a second review is signed", "owner: a second review without one, again", (w) =>
    unsigned(w),
  ),
  attack("G5 the statement does not say", "owner: signed over other words", async (w) => {
    const { decision, max } = await reviewed(w);
    const statement = await reviewStatement(w.web, decision, max, "objected");
    const proof = await proofOf(w.web, max, sha256(statement));
    return undone(w.owner, (client) =>
      client.query(
        `update second_review set reviewer_id = $2, outcome = 'upheld', words = $3, at = now(), role = '', assurance = 'password',
           statement = $4, proof = $5 where decision_id = $1`,
        [decision.id, max.id, REVIEW_WORDS, statement, proof],
      ),
    );
  }),
  attack("G5 another statement", "web: shown one outcome, signed another", async (w) => {
    const { decision, max } = await reviewed(w);
    const statement = await reviewStatement(w.web, decision, max, "objected");
    return giveSecondReview(w.web, decision, max, { statement });
  }),
  attack("G6 password proof", "web: signed with another's password", async (w) => {
    const { decision, max } = await reviewed(w);
    const statement = await reviewStatement(w.web, decision, max);
    const proof = await proofOf(w.web, w.bo, sha256(statement));
    return giveSecondReview(w.web, decision, max, { proof });
  }),
  attack("G6 the policy asks for a passkey", "a password where a passkey is asked", async (w) => {
    const { decision, max } = await reviewed(w);
    return undone(w.owner, async (client) => {
      await client.query("alter table policy_rule disable trigger append_only");
      await client.query("update policy_rule set assurance = 'passkey'");
      return giveSecondReview(client, decision, max);
    });
  }),
  attack("G6 passkey: only the verifier", "owner: brings an assertion", async (w) => {
    const { decision, max } = await reviewed(w);
    const passkey = await enrolForTest(w.web, { person: max });
    const over = await reviewStatement(w.web, decision, max);
    return giveSecondReviewByPasskey(w.owner, decision, { by: max, passkey, over });
  }),
  attack("G6 passkey: another statement", "verifier: signed over the other word", async (w) => {
    const { decision, max } = await reviewed(w);
    const passkey = await enrolForTest(w.web, { person: max });
    const over = await reviewStatement(w.web, decision, max, "objected");
    return giveSecondReviewByPasskey(w.db.pools.verifier, decision, { by: max, passkey, over });
  }),
  attack("G6 passkey: it is another", "verifier: another's passkey", async (w) => {
    const { decision, max } = await reviewed(w);
    const passkey = await enrolForTest(w.web, { person: w.bo });
    const over = await reviewStatement(w.web, decision, max);
    return giveSecondReviewByPasskey(w.db.pools.verifier, decision, { by: max, passkey, over });
  }),
  attack("G10 no second review is due", "verifier: of an ordinary decision", async (w) => {
    const max = await anotherLead(w);
    const passkey = await enrolForTest(w.web, { person: max });
    const over = await reviewStatement(w.web, w.closed.decision, max);
    const given = { by: max, passkey, over };
    return giveSecondReviewByPasskey(w.db.pools.verifier, w.closed.decision, given);
  }),
];

function attack(says: string, name: string, run: Attack["run"]): Attack {
  return { name: `second review, ${name}`, says, notices: /^G\d+/.exec(says)![0], run };
}

async function reviewed(w: World) {
  return { decision: await decidedAlone(w), max: await anotherLead(w) };
}

/** A second review written by the owner, past the functions that give one. */
async function unsigned(w: World): Promise<unknown> {
  const { decision, max } = await reviewed(w);
  return undone(w.owner, (client) =>
    client.query(
      `update second_review set reviewer_id = $2, outcome = 'upheld', words = $3, at = now() where decision_id = $1`,
      [decision.id, max.id, REVIEW_WORDS],
    ),
  );
}
