import { certificateState } from "#lib/domain/decision/account.ts";
import type { CertificateState } from "#lib/domain/decision/account.ts";
import type { CertificateFacts, CertificateSeal } from "#lib/domain/decision/certificate.ts";
import type { DecisionState } from "#lib/domain/decision/decision.ts";
import type { Db } from "#lib/db/prisma.ts";
import { parseCheckpoint } from "#lib/trail/checkpoint.ts";
import { readAccount } from "./decision-account.ts";
import { iso } from "./shape.ts";

export type DecisionCertificate =
  | { state: "ready"; incidentId: string; facts: CertificateFacts }
  | { state: Exclude<CertificateState, "ready"> | "missing" };

/** What the certificate of a decision is made of, or why there is none. */
export async function decisionCertificate(
  db: Db,
  decisionId: string,
): Promise<DecisionCertificate> {
  const told = await readAccount(db, decisionId);
  if (!told) return { state: "missing" };
  const { decision, facts: account } = told;
  const state = certificateState(account);
  if (state !== "ready") return { state };
  const kind = kindOf(decision.state);
  const entry = account.entries.findLast((one) => one.kind === kind) ?? account.entries.at(-1)!;
  const { seq, leaf } = entry;
  const facts: CertificateFacts = {
    account,
    number: decision.incidentNumber,
    statementSha256: decision.statementSha256,
    entry: { seq, leaf },
    seal: await sealOver(db, account.entries.at(-1)!.seq),
  };
  return { state, incidentId: decision.incidentId, facts };
}

function kindOf(state: DecisionState): string {
  if (state === "in_effect") return "decision.took_effect";
  return state === "stale" ? "decision.went_stale" : `decision.${state}`;
}

type Row = { note: string; at: Date; witness: string | null; witnessed_at: Date | null };

/**
 * The first checkpoint over entry `seq` that a witness cosigned, or while there is none the first one: never the newest,
 * so that the certificate of a settled decision does not change from minute to minute.
 */
async function sealOver(db: Db, seq: number): Promise<CertificateSeal> {
  const rows = await db.$queryRaw<Row[]>`
    WITH cosigned AS (SELECT size, witness, signed_at FROM trail.cosignature WHERE size > ${seq}::bigint
                      ORDER BY size, signed_at, witness LIMIT 1)
    SELECT c.note, c.at, w.witness, w.signed_at AS witnessed_at
    FROM trail.checkpoint c LEFT JOIN cosigned w ON w.size = c.size
    WHERE c.size = coalesce((SELECT size FROM cosigned),
      (SELECT min(size) FROM trail.checkpoint WHERE size > ${seq}::bigint))`;
  const { note, at, witness, witnessed_at } = rows[0]!;
  const { origin, size, root } = parseCheckpoint(note.slice(0, note.indexOf("\n\n") + 1));
  return {
    origin,
    size,
    root: root.toString("base64"),
    signedAt: iso(at),
    witness:
      witness === null || witnessed_at === null ? null : { name: witness, at: iso(witnessed_at) },
  };
}
