import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { setNoticeWish } from "#lib/commands/set-notice-wish.ts";
import { openMailServer } from "#lib/connectors/mail/smtp.ts";
import { headerOf, startSmtp, textOf, type TestSmtp } from "#lib/connectors/mail/testing-smtp.ts";
import { propose, sign, type ProposalRow } from "#lib/db/testing-gate.ts";
import { enrolForTest } from "#lib/db/testing-passkeys.ts";
import { makeIncident, type TestPerson } from "#lib/db/testing-people.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { adminQuery } from "#lib/db/testing.ts";
import { noticeWishes } from "#lib/queries/notice-wishes.ts";
import { dropLate } from "./deliveries.ts";
import { sendDueMail } from "./send-mail.ts";

const from = "countersign@desk.example";
const address = new URL("https://desk.example");
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const SECRET_TITLE = "mimikatz on WS-014";

let world: World;
let smtp: TestSmtp;
beforeAll(async () => {
  world = await makeWorld();
});
afterAll(() => world.db.close());
beforeEach(async () => {
  await world.owner.query("delete from notice_delivery");
  await world.owner.query("delete from notice_wish");
  smtp = await startSmtp();
});
afterEach(() => smtp.close());

async function proposed(): Promise<ProposalRow> {
  const { id: incidentId } = await makeIncident(world.db);
  await world.owner.query("update incident set title = $2 where id = $1", [
    incidentId,
    SECRET_TITLE,
  ]);
  return propose(world.web, { incidentId, proposer: world.ana });
}

const post = () => ({
  server: openMailServer({ server: smtp.url, from, timeoutMs: 3_000 }),
  from,
  address,
});
const send = () => sendDueMail(world.db.worker, post(), { log });

async function states(): Promise<string[]> {
  const { rows } = await world.owner.query(
    `select p.name || ' ' || state || coalesce(' ' || fault, '') as said from notice_delivery m join person p on p.id = m.person_id order by 1`,
  );
  return rows.map(({ said }) => said as string);
}

const dueNow = () =>
  world.owner.query("update notice_delivery set due_at = now() where state = 'due'");
const wish = (person: TestPerson, byMail: boolean) =>
  setNoticeWish(
    world.db.web,
    { kind: "decision.waiting", byMail },
    { kind: "person", session: null, id: person.id },
  );

test("what waits is mailed once to each who may sign: a sentence and a link, nothing of the evidence", async () => {
  const decision = await proposed();
  expect(await send()).toBe(2);
  expect(await send()).toBe(0);
  const receivers = smtp.taken.flatMap(({ to }) => to).toSorted();
  const { rows } = await world.owner.query(
    "select email from person where name in ('bo', 'lea') order by email",
  );
  expect(receivers).toEqual(rows.map(({ email }) => email));
  for (const { data } of smtp.taken) {
    expect(headerOf(data, "Subject")).toMatch(
      /^Closure of INC-\d+, proposed by ana, waits for your signature$/,
    );
    expect(textOf(data)).toContain(
      `\nhttps://desk.example/incidents/${decision.incidentId}/decisions/${decision.id}\n`,
    );
    for (const words of ["mimikatz", "Known scanner"]) {
      expect(data).not.toContain(words);
      expect(textOf(data)).not.toContain(words);
    }
  }
  expect(await states()).toEqual(["bo sent", "lea sent"]);
});

test("a person says what comes by mail; what was not said is as by default", async () => {
  await wish(world.bo, false);
  await proposed();
  expect(await states()).toEqual(["lea due"]);
  await wish(world.bo, true);
  await proposed();
  expect(await states()).toEqual(["bo due", "lea due", "lea due"]);
  expect(await noticeWishes(world.db.web, world.bo.id)).toMatchObject({
    "decision.waiting": true,
    "decision.signed": false,
    "decision.took_effect": false,
    "passkey.enrolled": true,
  });
});

test("what is settled, read or for somebody who has left meanwhile is not sent", async () => {
  await sign(world.web, await proposed(), { person: world.bo });
  await proposed();
  await world.owner.query("update notice set read_at = now() where person_id = $1", [world.bo.id]);
  await world.owner.query("update person set active = false where id = $1", [world.lea.id]);
  expect(await send()).toBe(0);
  await world.owner.query("update person set active = true where id = $1", [world.lea.id]);
  expect(new Set(await states())).toEqual(new Set(["bo not_needed", "lea not_needed"]));
  expect(smtp.taken).toEqual([]);
});

test("a passkey's notice goes to its person and to leads, without its name", async () => {
  await enrolForTest(world.web, { person: world.bo, name: "<b>mine</b>" });
  expect(await send()).toBe(2);
  expect(smtp.taken.map(({ data }) => headerOf(data, "Subject")).toSorted()).toEqual([
    "A passkey was enrolled for you. If that was not you, revoke it and tell an admin",
    "bo enrolled a passkey",
  ]);
  for (const { data } of smtp.taken) expect(textOf(data)).not.toContain("mine");
});

test("a receiver that is refused for good is given up; one that may come later is tried again, ever later", async () => {
  await wish(world.lea, false);
  await proposed();
  smtp.answer(550);
  expect(await send()).toBe(0);
  expect(await states()).toEqual(["bo failed smtp 550"]);
  await proposed();
  smtp.answer(451);
  for (const minutes of [1, 2, 4]) {
    await dueNow();
    expect(await send()).toBe(0);
    expect(await send()).toBe(0);
    const { rows } = await world.owner.query(
      "select extract(epoch from due_at - now()) / 60 as left from notice_delivery where state = 'due' and person_id is not null",
    );
    expect(Number(rows[0].left)).toBeGreaterThan(minutes - 0.2);
    expect(Number(rows[0].left)).toBeLessThanOrEqual(minutes);
  }
  smtp.answer(null);
  await dueNow();
  expect(await send()).toBe(1);
  expect(await states()).toEqual(["bo failed smtp 550", "bo sent"]);
});

test("a server that never takes it is asked eight times, and one that is not there too", async () => {
  await wish(world.lea, false);
  await proposed();
  await smtp.close();
  for (let left = 8; left > 0; left -= 1) {
    expect(await states()).toEqual([left === 8 ? "bo due" : "bo due ESOCKET"]);
    await dueNow();
    await send();
  }
  expect(await states()).toEqual(["bo failed ESOCKET"]);
});

test("a worker that dies after the server took a mail sends it again, as the same mail", async () => {
  await wish(world.lea, false);
  await proposed();
  smtp.onTaken(async () => {
    smtp.onTaken(async () => undefined);
    await adminQuery(
      world.db.adminUrl,
      "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'countersign_worker' and datname = current_database()",
    );
    await world.owner.query("revoke update on notice_delivery from countersign_worker");
  });
  await expect(send()).rejects.toThrow(/permission denied|terminating|closed|Connection/);
  await world.owner.query(
    "grant update (state, attempts, due_at, settled_at, fault) on notice_delivery to countersign_worker",
  );
  expect(await states()).toEqual(["bo due"]);
  expect(await send()).toBe(0);
  await dueNow();
  expect(await send()).toBe(1);
  expect(await states()).toEqual(["bo sent"]);
  const ids = smtp.taken.map(({ data }) => headerOf(data, "Message-ID"));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});

test("two workers at once send each notice once", async () => {
  for (let left = 5; left > 0; left -= 1) await proposed();
  const sent = await Promise.all([send(), send(), send()]);
  expect(sent.reduce((sum, one) => sum + one, 0)).toBe(10);
  expect(new Set(smtp.taken.map(({ data }) => headerOf(data, "Message-ID"))).size).toBe(10);
  expect(smtp.taken).toHaveLength(10);
});

test("what is a day old is not sent any more", async () => {
  await proposed();
  await dropLate(world.db.worker);
  expect(await states()).toEqual(["bo due", "lea due"]);
  await world.owner.query("update notice_event set at = at - interval '25 hours'");
  await dropLate(world.db.worker);
  expect(await send()).toBe(0);
  expect(await states()).toEqual(["bo too_late", "lea too_late"]);
});
