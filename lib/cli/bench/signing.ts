/** From the call that signs to the committed effect, and decisions a second beside what Postgres itself can do. */
import { randomUUID } from "node:crypto";
import { proposeDecision } from "#lib/commands/propose-decision.ts";
import { signDecision, type Signed } from "#lib/commands/sign-decision.ts";
import { signWithPasskey } from "#lib/commands/sign-with-passkey.ts";
import { createServingClient, type Db } from "#lib/db/prisma.ts";
import { ensureDatabase } from "#lib/db/provision.ts";
import { makeIncident, makePerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { deriveSignKey } from "#lib/signing/sign-key.ts";
import { setRelyingParty } from "#lib/db/relying-party.ts";
import { TEST_PARTY } from "#lib/signing/testing-passkey.ts";
import { percentile, round, told, type Figure } from "../figures.ts";
import { assertionInput } from "../prove/chaos/door.ts";
import { chaosDesk, type ChaosPerson } from "../prove/chaos/desk.ts";
import { drillDatabase } from "../prove/drill/database.ts";
import { simpleUpdates, type SimpleUpdates } from "./simple-update.ts";

const SIGNERS = 20;
const LIMIT_MS = 60;
const SHARE_MIN = 0.5;

export type SigningSize = { signaturesEach: number; seconds: number };

/** A server of its own, with the product's durability settings. */
export async function benchSigning(size: SigningSize): Promise<Figure[]> {
  const db = await drillDatabase();
  const web = createServingClient(db.urls.web);
  const verifier = createServingClient(db.urls.verifier);
  try {
    await setRelyingParty(db.urls.owner, TEST_PARTY);
    const { people } = await chaosDesk(db, { people: SIGNERS, incidents: 0, party: TEST_PARTY });
    const desk: Desk = { db, web, verifier, people, proposer: await proposerOf(db) };
    const updates = await simpleUpdates(await emptyDatabase(db), {
      clients: SIGNERS,
      seconds: size.seconds,
    });
    const latencies = await latenciesOf(desk, size.signaturesEach);
    return [...latencies, ...(await throughput(desk, size, updates))];
  } finally {
    await Promise.all([web.$disconnect(), verifier.$disconnect()]);
    await db.close();
  }
}

type Desk = {
  db: TestDatabase;
  web: Db;
  verifier: Db;
  people: ChaosPerson[];
  proposer: { kind: "person"; session: null; id: string; role: string };
};

async function proposerOf(db: TestDatabase): Promise<Desk["proposer"]> {
  const { id, role } = await makePerson(db, "analyst", "Proposer");
  return { kind: "person", session: null, id, role };
}

async function emptyDatabase({ adminUrl }: TestDatabase): Promise<string> {
  const at = (name: string) => Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  await ensureDatabase(at("postgres"), "simple_update");
  return at("simple_update");
}

type Open = { id: string; sha256: string };
type Sign = (person: ChaosPerson, open: Open) => Promise<Signed>;

/** An escalation, which one signature carries out, of an incident of its own. */
async function openOne({ db, web, proposer }: Desk): Promise<Open> {
  const { id: incidentId } = await makeIncident(db);
  const content = { kind: "escalation", reason: "To be measured.", to: "Tier 3" } as const;
  const input = { incidentId, content, waivedClaimIds: [], idem: randomUUID() };
  const { id } = await proposeDecision(
    web,
    input,
    proposer as Parameters<typeof proposeDecision>[2],
  );
  return { id, sha256: await statementOf(db, id) };
}

async function statementOf({ pools }: TestDatabase, id: string): Promise<string> {
  const { rows } = await pools.web.query<{ sha256: string }>(
    "select encode(statement_sha256, 'hex') as sha256 from decision where id = $1",
    [id],
  );
  return rows[0]!.sha256;
}

/** Everybody signs one after the other without a pause, all at once; how long each signature took, in ms. */
async function measure(desk: Desk, each: number, sign: Sign): Promise<number[]> {
  const open: Open[] = [];
  for (let n = 0; n < each * SIGNERS; n += 1) open.push(await openOne(desk));
  const took: number[] = [];
  await Promise.all(
    desk.people.map(async (person) => {
      for (let n = 0; n < each; n += 1) {
        const startedAt = performance.now();
        const signed = await sign(person, open.pop()!);
        took.push(performance.now() - startedAt);
        if (!signed.ok || signed.state !== "in_effect") throw new Error("It did not take effect.");
      }
    }),
  );
  return took;
}

function byPassword({ web }: Desk, hasKey: boolean): Sign {
  return ({ id, role, password, signKey }, open) => {
    const what = { decisionId: open.id, statementSha256: open.sha256, reason: null };
    const input = { ...what, outcome: "approved", password } as const;
    const by = { kind: "person", session: null, id, role } as const;
    return hasKey
      ? signDecision(web, input, by, async () => signKey)
      : signDecision(web, input, by);
  };
}

function byPasskey({ verifier }: Desk): Sign {
  return (person, open) =>
    signWithPasskey(
      verifier,
      { ...assertionInput(person, open), personId: person.id, session: null },
      TEST_PARTY,
    );
}

async function latenciesOf(desk: Desk, each: number): Promise<Figure[]> {
  // What is only slow the first time, of each login.
  await measure(desk, 3, byPassword(desk, true));
  await measure(desk, 3, byPasskey(desk));
  const known = await measure(desk, each, byPassword(desk, true));
  const passkey = await measure(desk, each, byPasskey(desk));
  const whole = await measure(desk, each, byPassword(desk, false));
  const keys: number[] = [];
  await Promise.all(
    desk.people.map(async ({ password, signKey }) => {
      for (let n = 0; n < each; n += 1) {
        const startedAt = performance.now();
        await deriveSignKey(password, signKey.subarray(0, 16));
        keys.push(performance.now() - startedAt);
      }
    }),
  );
  const held = "the key made from the password before";
  return [
    ...figuresOf("sign.effect", known, `${SIGNERS} signers without a pause; ${held}`, LIMIT_MS),
    ...figuresOf("sign.passkey", passkey, "the same by passkey, verified", LIMIT_MS),
    ...figuresOf("sign.whole", whole, "by password, argon2id and all"),
    ...figuresOf("sign.argon2id", keys, `argon2id alone, ${SIGNERS} at once`),
  ];
}

function figuresOf(id: string, took: number[], note: string, limit?: number): Figure[] {
  const [p50, p95] = [round(percentile(took, 0.5)), round(percentile(took, 0.95))];
  const figure = told(`${id}.p95`, p95, took.length, `${note}; median ${p50} ms`, "ms");
  return [
    limit === undefined ? figure : { ...figure, target: `<= ${limit} ms`, holds: p95 <= limit },
  ];
}

/** Each client proposes an escalation of an incident that is there, and another person signs it: one decision. */
async function throughput(
  desk: Desk,
  { seconds }: SigningSize,
  updates: SimpleUpdates,
): Promise<Figure[]> {
  const sign = byPassword(desk, true);
  const incidents: string[] = [];
  for (let n = 0; n < seconds * INCIDENTS_A_SECOND; n += 1)
    incidents.push((await makeIncident(desk.db)).id);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  let count = 0;
  await Promise.all(
    desk.people.map(async (person) => {
      while (performance.now() < until) {
        const incidentId = incidents.pop();
        if (incidentId === undefined)
          throw new Error("There were too few incidents to measure on.");
        const content = { kind: "escalation", reason: "To be measured.", to: "Tier 3" } as const;
        const input = { incidentId, content, waivedClaimIds: [], idem: randomUUID() };
        const by = desk.proposer as Parameters<typeof proposeDecision>[2];
        const { id } = await proposeDecision(desk.web, input, by);
        await sign(person, { id, sha256: await statementOf(desk.db, id) });
        count += 1;
      }
    }),
  );
  const perSecond = count / ((performance.now() - startedAt) / 1000);
  return throughputFigures(perSecond, count, updates);
}

const INCIDENTS_A_SECOND = 600;

function throughputFigures(perSecond: number, n: number, updates: SimpleUpdates): Figure[] {
  const { pgbench, driver } = updates;
  const clients = `${SIGNERS} clients`;
  const against = pgbench ?? driver;
  const share = round(perSecond / against);
  const by = pgbench === null ? "the driver's; there is no pgbench here" : "pgbench's";
  return [
    ...(pgbench === null
      ? []
      : [told("simple_update.pgbench", round(pgbench), 1, `pgbench -N, ${clients}`, "tx/s")]),
    told("simple_update.driver", round(driver), 1, `the same through pg, ${clients}`, "tx/s"),
    told(
      "decisions",
      round(perSecond),
      n,
      `proposed, signed, in effect; ${clients}`,
      "decisions/s",
    ),
    {
      ...told("decisions.share", share, n, `of a simple update, ${by}, in this run`, "x"),
      ...{ target: `>= ${SHARE_MIN}`, holds: share >= SHARE_MIN },
    },
  ];
}
