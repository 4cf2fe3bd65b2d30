import type { TestDatabase } from "#lib/db/testing.ts";
import { challengeOf } from "#lib/signing/passkey.ts";
import { opensslSays } from "#lib/signing/testing-openssl.ts";
import { say } from "../../progress.ts";

type Row = {
  id: string;
  public_key: Buffer;
  authenticator_data: Buffer;
  client_data_json: Buffer;
  signature: Buffer;
  statement: string;
  is_by_owner: boolean;
};

const STORED = `
  select s.id, k.public_key, s.authenticator_data, s.client_data_json, s.signature, d.statement, k.person_id = s.person_id as is_by_owner
  from sign_off s join decision d on d.id = s.decision_id left join passkey k on k.id = s.passkey_id
  where s.assurance = 'passkey' order by s.at, s.id`;

const SAID_EVERY = 500;

export type AssertionsAudit = {
  /** Signatures by passkey that are stored. */
  assertions: number;
  /** Ids of those that openssl does not find good, over another statement, or by another person's key. */
  wrong: string[];
};

/** Every stored signature by passkey, checked again by openssl alone with the commands of docs/passkeys.md. */
export async function auditAssertions({ pools }: TestDatabase): Promise<AssertionsAudit> {
  const { rows } = await pools.owner.query<Row>(STORED);
  const wrong: string[] = [];
  for (const [n, row] of rows.entries()) {
    if (!row.is_by_owner || !isGood(row)) wrong.push(row.id);
    if ((n + 1) % SAID_EVERY === 0) say(`  openssl: ${n + 1} of ${rows.length} signatures`);
  }
  return { assertions: rows.length, wrong };
}

function isGood(row: Row): boolean {
  const { verdict, challenge } = opensslSays({
    publicKey: row.public_key,
    authenticatorData: row.authenticator_data,
    clientDataJson: row.client_data_json,
    signature: row.signature,
    statement: row.statement,
  });
  return verdict === "Verified OK" && challenge === challengeOf(row.client_data_json);
}
