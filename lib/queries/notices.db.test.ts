import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readNotice, readNotices } from "#lib/commands/read-notices.ts";
import { withdrawDecision } from "#lib/commands/withdraw-decision.ts";
import { propose, sign, type ProposalRow } from "#lib/db/testing-gate.ts";
import { enrolForTest, revokeForTest } from "#lib/db/testing-passkeys.ts";
import { makeIncident, type TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import type { NoticeView } from "#lib/contracts/notices.ts";
import { noticeSentence } from "#lib/domain/notice/sentence.ts";
import { expireDecisions } from "#lib/jobs/expire.ts";
import { putAwayMootNotices } from "#lib/jobs/moot-notices.ts";
import { listNotices } from "./list-notices.ts";
import { unreadNotices } from "./unread-notices.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());
beforeEach(async () => {
  await world.owner.query("delete from notice_delivery");
  await world.owner.query("delete from notice");
});

const actor = ({ id }: TestPerson) => ({ kind: "person", session: null, id }) as const;

async function proposed(kind: "closure" | "containment" = "closure"): Promise<ProposalRow> {
  const { id: incidentId } = await makeIncident(world.db);
  return propose(world.web, { incidentId, proposer: world.ana, kind });
}

async function noticesOf(person: TestPerson, limit = 50): Promise<NoticeView[]> {
  const seen: NoticeView[] = [];
  let cursor: string | null = null;
  do {
    const page = await listNotices(world.db.web, { personId: person.id, cursor, limit });
    expect(page.notices.length).toBeLessThanOrEqual(limit);
    seen.push(...page.notices);
    cursor = page.nextCursor;
  } while (cursor);
  return seen;
}

/** The sentences, the newest first, with the incident's number left out. */
async function told(person: TestPerson): Promise<string[]> {
  const notices = await noticesOf(person);
  return notices.map(({ noticed }) => noticeSentence(noticed).replaceAll(/INC-\d+/g, "INC"));
}

async function twoNeeded(): Promise<void> {
  await world.owner.query(
    `insert into policy_rule select (select max(policy_version) + 1 from policy_rule), kind, 2, min_role,
       distinct_from_proposer, assurance, proposal_minutes, sign_off_minutes
     from policy_rule where policy_version = (select max(policy_version) from policy_rule)`,
  );
}

const unread = async (person: TestPerson) => (await unreadNotices(world.db.web, person.id)).unread;

test("a proposal is told to everybody who may sign it, and to nobody else", async () => {
  await proposed();
  await proposed("containment");
  expect(await told(world.bo)).toEqual([
    "Closure of INC, proposed by ana, waits for your signature.",
  ]);
  expect(await told(world.lea)).toEqual([
    "Containment of INC, proposed by ana, waits for your signature.",
    "Closure of INC, proposed by ana, waits for your signature.",
  ]);
  for (const nobody of [world.ana, world.aud, world.adm, world.gone, world.machine])
    expect(await told(nobody)).toEqual([]);
});

test("what is refused, withdrawn or rolled back is told to nobody", async () => {
  const client = await world.web.connect();
  await client.query("begin");
  const { id: incidentId } = await makeIncident(world.db);
  await propose(client, { incidentId, proposer: world.ana });
  await client.query("rollback");
  client.release();
  expect(await told(world.bo)).toEqual([]);
  const decision = await proposed();
  await withdrawDecision(world.db.web, { decisionId: decision.id }, actor(world.ana));
  expect(await told(world.ana)).toEqual([]);
  expect(await unread(world.bo)).toBe(0);
});

test("the proposer hears of an effect, of a rejection, and of a signature that is not the last", async () => {
  await sign(world.web, await proposed(), { person: world.bo });
  expect(await told(world.ana)).toEqual(["Your closure of INC took effect."]);
  await sign(world.web, await proposed(), { person: world.bo, outcome: "rejected" });
  expect((await told(world.ana))[0]).toBe("bo rejected your closure of INC.");
  await twoNeeded();
  const decision = await proposed();
  await sign(world.web, decision, { person: world.bo });
  expect((await told(world.ana))[0]).toBe(
    "bo signed your closure of INC; it needs more signatures.",
  );
  await sign(world.web, decision, { person: world.lea });
  expect((await told(world.ana)).slice(0, 2)).toEqual([
    "Your closure of INC took effect.",
    "bo signed your closure of INC; it needs more signatures.",
  ]);
});

test("the proposer hears that a proposal expired or is void", async () => {
  const [expired, stale] = [await proposed(), await proposed()];
  await world.owner.query("alter table decision disable trigger check_decision_move");
  await world.owner.query(
    "update decision set expires_at = proposed_at - interval '1 hour' where id = $1",
    [expired.id],
  );
  await world.owner.query("alter table decision enable always trigger check_decision_move");
  await world.web.query(
    "update incident set severity = 'critical', severity_rank = 5 where id = $1",
    [stale.incidentId],
  );
  await expireDecisions(world.db.worker, { log: { warn: () => undefined } });
  expect((await told(world.ana)).toSorted()).toEqual([
    "Your closure of INC expired without enough signatures.",
    "Your closure of INC is void: the facts it was proposed on changed.",
  ]);
});

test("a passkey is told to its person and to leads, each in their own words", async () => {
  const { id } = await enrolForTest(world.web, { person: world.bo });
  expect(await told(world.bo)).toEqual([
    "A passkey was enrolled for you. If that was not you, revoke it and tell an admin.",
  ]);
  expect(await told(world.lea)).toEqual(["bo enrolled a passkey."]);
  await revokeForTest(world.web, id, world.adm);
  expect((await told(world.bo))[0]).toBe("adm revoked a passkey of yours.");
  expect((await told(world.lea))[0]).toBe("adm revoked a passkey of bo.");
  const own = await enrolForTest(world.web, { person: world.lea });
  await revokeForTest(world.web, own.id, world.lea);
  expect((await told(world.lea))[0]).toBe("You revoked a passkey of yours.");
  for (const nobody of [world.ana, world.adm, world.aud, world.gone])
    expect(await told(nobody)).toEqual([]);
});

test("notices come page by page, the newest first, each once", async () => {
  for (let left = 5; left > 0; left -= 1) await proposed();
  const [all, paged] = [await noticesOf(world.bo), await noticesOf(world.bo, 2)];
  expect(paged).toEqual(all);
  expect(all).toHaveLength(5);
  expect(all.map(({ at }) => at)).toEqual(
    all
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  );
  const bad = listNotices(world.db.web, { personId: world.bo.id, cursor: "x", limit: 2 });
  await expect(bad).rejects.toMatchObject({ code: "cursor_invalid" });
});

test("what was read, signed or settled is no news; one reads one's own", async () => {
  await twoNeeded();
  const [first, second, third] = [await proposed(), await proposed(), await proposed()];
  expect(await unread(world.bo)).toBe(3);
  await sign(world.web, first, { person: world.bo });
  expect(await unread(world.bo)).toBe(2);
  await sign(world.web, second, { person: world.lea, outcome: "rejected" });
  expect(await unread(world.bo)).toBe(1);
  const [newest] = await noticesOf(world.bo);
  expect(newest).toMatchObject({
    isNews: true,
    path: `/incidents/${third.incidentId}/decisions/${third.id}`,
  });
  expect(await readNotice(world.db.web, newest!.id, actor(world.bo))).toEqual({ read: 1 });
  expect(await readNotice(world.db.web, newest!.id, actor(world.bo))).toEqual({ read: 0 });
  expect(await unread(world.bo)).toBe(0);
  expect(await unread(world.lea)).toBe(2);
  for (const read of [readNotice, readNotices])
    await expect(read(world.db.web, newest!.id, actor(world.ana))).rejects.toMatchObject({
      code: "notice_not_found",
    });
});

test("what waits for nobody any more is put away by the worker, and what waits is not", async () => {
  await twoNeeded();
  const [settled, open] = [await proposed(), await proposed()];
  await sign(world.web, settled, { person: world.bo, outcome: "rejected" });
  await sign(world.web, open, { person: world.bo });
  expect(await putAwayMootNotices(world.db.worker)).toBe(2);
  expect(await putAwayMootNotices(world.db.worker)).toBe(0);
  const { rows } = await world.owner.query(
    `select distinct e.decision_id from notice n join notice_event e on e.id = n.event_id
     where n.read_at is null and e.kind = 'decision.waiting'`,
  );
  expect(rows).toEqual([{ decision_id: open.id }]);
});

test("reading all up to what was shown leaves what came since", async () => {
  await proposed();
  const [shown] = await noticesOf(world.bo);
  await proposed();
  expect(await readNotices(world.db.web, shown!.id, actor(world.bo))).toEqual({ read: 1 });
  expect((await noticesOf(world.bo)).map(({ isNews }) => isNews)).toEqual([true, false]);
});

test("where nobody is to be told, a decision goes on as ever", async () => {
  await world.owner.query(
    "update person set active = false where role in ('analyst', 'lead') and name <> 'ana'",
  );
  const decision = await proposed();
  await world.owner.query("update person set active = true where name in ('bo', 'lea')");
  expect(await sign(world.web, decision, { person: world.bo })).toBeDefined();
});
