/** A client that gets no answer: an incident while something is being killed, a fault of the product otherwise. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { TEST_PARTY } from "#lib/signing/testing-passkey.ts";
import { actAtRandom } from "./client.ts";
import { chaosDesk, type ChaosDesk } from "./desk.ts";
import { sqlDoor, type Door } from "./door.ts";
import { Journal } from "./journal.ts";

let db: TestDatabase;
let desk: ChaosDesk;
beforeAll(async () => {
  db = await testDatabase();
  desk = await chaosDesk(db, { people: 4, incidents: 2, party: TEST_PARTY });
});
afterAll(() => db.close());

const CALLS = 60;

async function journalOf(change: (door: Door) => Door, isDisturbed: boolean): Promise<Journal> {
  const journal = new Journal();
  const [person] = desk.people;
  const whole = sqlDoor(db, person!);
  await actAtRandom({
    ...{ db, desk, journal, person: person!, door: change(whole), seed: 3, callsMax: CALLS },
    ...{ signal: new AbortController().signal, whenUp: () => Promise.resolve() },
    isDisturbed: () => isDisturbed,
  });
  await whole.close();
  return journal;
}

const lost = () => Promise.reject(new Error("Connection terminated unexpectedly"));
const failing = (door: Door): Door => ({ ...door, note: lost, propose: lost });

test("what gets no answer while nothing is killed is unexpected, also when it is asked again", async () => {
  const whole = await journalOf((door) => door, false);
  expect(whole).toMatchObject({ unknown: 0, unexpected: [] });
  const broken = await journalOf(failing, false);
  expect(broken.unknown).toBeGreaterThan(10);
  expect(broken.unexpected).toHaveLength(broken.unknown);
  expect(broken.unexpected[0]).toBe("SQL: Connection terminated unexpectedly");
  const killed = await journalOf(failing, true);
  expect(killed.unknown).toBeGreaterThan(10);
  expect(killed.unexpected).toEqual([]);
});

test("a door that says done of what it did not do is found out, act by act", async () => {
  const lying = (door: Door): Door => ({
    ...door,
    note: () => Promise.resolve({ ok: true, id: desk.incidents[0]!.id, state: null }),
    work: () => Promise.resolve({ ok: true, id: null, state: "on_hold" }),
  });
  const journal = await journalOf(lying, false);
  const { missing } = await journal.compare(db);
  for (const act of ["note", "work"])
    expect(missing.some((text) => text.includes(`"act":"${act}"`))).toBe(true);
});
