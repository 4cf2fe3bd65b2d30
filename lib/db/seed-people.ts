import { NOBODY } from "./acting.ts";
import { hash } from "@node-rs/argon2";
import type { Role } from "#lib/domain/people/permissions.ts";
import { ARGON2ID_COST, deriveSignKey, newSignSalt } from "#lib/signing/sign-key.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import type { Db, Tx } from "./prisma.ts";
import { transact } from "./transaction.ts";

export type PersonInput = { email: string; name: string; role: Role; password: string };

/**
 * Enrols a person, or resets name, role and password of one with the same e-mail address; returns the id.
 * Only the owner login may: the web login can neither make people nor read what checks a signature.
 */
export async function enrolPerson(ownerDb: Db, person: PersonInput): Promise<string> {
  const email = person.email.trim().toLowerCase();
  const salt = newSignSalt();
  const passwordHash = await hash(person.password, ARGON2ID_COST);
  const key = await deriveSignKey(person.password, salt);
  return transact(ownerDb, NOBODY, async (tx) => {
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

async function recordEnrolment(
  tx: Tx,
  person: { id: string; email: string; name: string; role: Role },
): Promise<void> {
  await tx.$queryRaw`
    select trail.write('person.enrolled', 'system:enrolment', null, ${canonicalJson(person)})::text`;
}
