import type { SecondReviewWord } from "#lib/contracts/second-review-inputs.ts";
import type { SecondReviewStatement } from "#lib/contracts/second-review-views.ts";
import type { Db } from "#lib/db/prisma.ts";
import { storableText } from "#lib/domain/evidence/storable.ts";
import { Problem } from "#lib/domain/problem.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { listPasskeys } from "./list-passkeys.ts";

/** What giving this second review signs, and by what. Throws Problem `decision_not_found` 404. */
export async function secondReviewStatement(
  db: Db,
  { decisionId, outcome, words }: SecondReviewWord,
  personId: string,
): Promise<SecondReviewStatement> {
  const rows = await db.$queryRaw<Pick<SecondReviewStatement, "assurance" | "statement">[]>`
    SELECT gate.second_review_statement(d.id, ${personId}::uuid, ${outcome}, ${storableText(words)}) AS statement,
      coalesce(gate.second_review_assurance(d.id), 'passkey') AS assurance
    FROM decision d WHERE d.id = ${decisionId}::uuid`;
  const row = rows[0];
  if (!row) throw new Problem("decision_not_found", 404, "There is no such decision.");
  const passkeys = (await listPasskeys(db, personId)).filter(({ revokedAt }) => revokedAt === null);
  return { ...row, statementSha256: sha256(row.statement).toString("hex"), passkeys };
}
