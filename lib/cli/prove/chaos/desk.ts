import { randomUUID } from "node:crypto";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import type { Db } from "#lib/db/prisma.ts";
import { makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import { enrolForTest } from "#lib/db/testing-passkeys.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { RelyingParty } from "#lib/signing/relying-party.ts";
import { deriveSignKey } from "#lib/signing/sign-key.ts";
import { SoftPasskey } from "#lib/signing/testing-passkey.ts";

export type ChaosPerson = TestPerson & {
  /** What their password makes of their salt: a client of plain SQL signs with it at once. */
  signKey: Buffer;
  /** Enrolled, in software. */
  passkey: SoftPasskey;
};
export type ChaosIncident = { id: string; key: string };

export type ChaosDesk = {
  people: ChaosPerson[];
  incidents: ChaosIncident[];
  /** Adds one alert to the incident, through this client; its title is its own. */
  addEvidence: (db: Db, incident: ChaosIncident, title: string) => Promise<void>;
};

const ALERTS_FIRST = 2;
const SYSTEM = { kind: "system", id: "drill" } as const;

/** People, the last quarter leads, a few incidents with evidence, and a policy where a closure takes two. */
export async function chaosDesk(
  db: TestDatabase,
  size: { people: number; incidents: number; party: RelyingParty },
): Promise<ChaosDesk> {
  await publishTwoForClosure(db);
  const people: ChaosPerson[] = [];
  for (let n = 0; n < size.people; n += 1) {
    const role = n >= size.people * 0.75 ? "lead" : "analyst";
    people.push(await withKeys(db, await makePerson(db, role, `P${n}`), size.party));
  }
  const name = "Drill source";
  const { id } = await createSource(db.web, { name, format: "generic" }, SYSTEM);
  const source = { id, name };
  const addEvidence: ChaosDesk["addEvidence"] = async (through, { key }, title) => {
    const bytes = Buffer.from(JSON.stringify(alertOf(title)));
    const batch = { source, format: "generic", incidentKey: key, normalise } as const;
    const answer = await ingestRecords(through, { ...batch, records: [{ index: 0, bytes }] });
    if (answer.accepted + answer.duplicates !== 1) throw new Error("The alert was not taken.");
  };
  const incidents: ChaosIncident[] = [];
  for (let n = 0; n < size.incidents; n += 1) {
    const key = `chaos-${n}`;
    for (let m = 0; m < ALERTS_FIRST; m += 1)
      await addEvidence(db.web, { id: "", key }, `First ${randomUUID()}`);
    const found = await db.web.incident.findFirstOrThrow({ where: { sourceKey: key } });
    incidents.push({ id: found.id, key });
  }
  return { people, incidents, addEvidence };
}

/** A later version of the policy: as the first, by password, but a closure takes two. */
export async function publishTwoForClosure(db: TestDatabase): Promise<void> {
  await db.pools.owner.query(
    `insert into policy_rule (policy_version, kind, sign_offs, min_role, distinct_from_proposer, assurance, proposal_minutes, sign_off_minutes)
     select (select max(policy_version) from policy_rule) + 1, kind, sign_offs, min_role, true, 'password', 480, 15
     from (values ('escalation', 1, 'analyst'), ('containment', 1, 'lead'), ('closure', 2, 'analyst'), ('reopening', 1, 'analyst'))
       as rules (kind, sign_offs, min_role)`,
  );
}

async function withKeys(
  db: TestDatabase,
  person: TestPerson,
  party: RelyingParty,
): Promise<ChaosPerson> {
  const { rows } = await db.pools.web.query<{ salt: Buffer }>("select gate.sign_salt($1) as salt", [
    person.id,
  ]);
  const passkey = new SoftPasskey("ES256", party);
  await enrolForTest(db.pools.web, { person, passkey });
  return { ...person, passkey, signKey: await deriveSignKey(person.password, rows[0]!.salt) };
}

function alertOf(title: string): object {
  return {
    id: title,
    kind: "alert",
    time: "2026-03-01T02:00:00.000Z",
    severity: "high",
    title,
    host: "ws-017",
    user: "j.doe",
  };
}
