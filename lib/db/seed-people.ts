import { createHash, randomBytes } from "node:crypto";
import { hash, hashRaw } from "@node-rs/argon2";
import type { Role } from "#lib/domain/people/permissions.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import type { Db, Tx } from "./prisma.ts";
import { transact } from "./transaction.ts";

const ARGON2ID = 2; // the package's Algorithm.Argon2id, a const enum
// OWASP's argon2id row for 19 MiB. Both the sign-in hash and the sign-off key use it.
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export type PersonInput = { email: string; name: string; role: Role; password: string };

/**
 * Enrols a person, or resets name, role and password of one with the same e-mail address; returns the id.
 * Only the owner login may: the web login can neither make people nor read what checks a signature.
 */
export async function enrolPerson(ownerDb: Db, person: PersonInput): Promise<string> {
  const email = person.email.trim().toLowerCase();
  const salt = randomBytes(16);
  const passwordHash = await hash(person.password, COST);
  const key = await signKey(person.password, salt);
  return transact(ownerDb, async (tx) => {
    const data = { name: person.name, role: person.role, passwordHash, active: true };
    const { id } = await tx.person.upsert({
      where: { email },
      create: { email, ...data },
      update: data,
      select: { id: true },
    });
    await tx.$executeRaw`
      insert into gate.sign_key (person_id, salt, key) values (${id}::uuid, ${salt}, ${key})
      on conflict (person_id) do update set salt = excluded.salt, key = excluded.key`;
    await recordEnrolment(tx, { id, email, name: person.name, role: person.role });
    return id;
  });
}

/**
 * argon2id(password, salt): 32 bytes that only the database (owner) stores and a signer derives again from the
 * password. With the statement's hash it makes the proof of a sign-off.
 */
export async function signKey(password: string, salt: Uint8Array): Promise<Uint8Array> {
  return hashRaw(password, { ...COST, salt, outputLen: 32 });
}

/** sha256(key || statementSha256): what a sign-off carries. It fits one statement only. */
export function signProof(key: Uint8Array, statementSha256: Uint8Array): Buffer {
  return createHash("sha256").update(key).update(statementSha256).digest();
}

async function recordEnrolment(
  tx: Tx,
  person: { id: string; email: string; name: string; role: Role },
): Promise<void> {
  await tx.$queryRaw`
    select trail.write('person.enrolled', 'system:enrolment', null, ${canonicalJson(person)})::text`;
}
