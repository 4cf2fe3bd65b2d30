/** What the races count must be able to be something else than none: here the web process itself is at fault. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { proposeDecision, type ProposeDecision } from "#lib/commands/propose-decision.ts";
import { testDatabase, type TestDatabase } from "#lib/db/testing.ts";
import { TEST_PARTY } from "#lib/signing/testing-passkey.ts";
import type { ActionAnswer, ActionCall, ActionName, ProductWeb } from "../drill/product-web.ts";
import { modelDesk, type ModelDesk } from "./desk.ts";
import { approveInPairs, replay } from "./races.ts";

let db: TestDatabase;
let desk: ModelDesk;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

type Act = (name: ActionName, input: object) => Promise<Record<string, unknown>>;

/** A desk whose web process does this, whatever it is asked. */
async function deskOf(act: Act): Promise<ModelDesk> {
  const web = {
    party: TEST_PARTY,
    signIn: async () => "",
    call: (name: ActionName, input: object): ActionCall => ({
      ...{ path: name, headers: {}, body: JSON.stringify([input]) },
    }),
    send: async ({ path, body }: ActionCall): Promise<ActionAnswer> => {
      const [input] = JSON.parse(body) as [object];
      const data = await act(path as ActionName, input);
      return { status: 200, ok: true, code: null, guard: null, reasons: [], data };
    },
  };
  desk ??= await modelDesk(db, web as unknown as ProductWeb);
  return { ...desk, web: web as unknown as ProductWeb };
}

const CAPTURED = [{ path: "signDecision", headers: {}, body: "[{}]" }];

test("a replay that leaves a row behind is counted, and one that leaves none is not", async () => {
  const still = await deskOf(async () => ({}));
  expect(await replay(still, CAPTURED, 20)).toMatchObject({ effects: 0, replays: 20 });
  const acting = await deskOf(async () => {
    await db.pools.web.query("insert into outbox (kind) values ('incident.changed')");
    return {};
  });
  const { effects, answers } = await replay(acting, CAPTURED, 20);
  expect(effects).toBeGreaterThanOrEqual(20);
  expect(answers).toEqual({ "answered as before": 20 });
});

test("a pair that takes effect twice is counted as wrong", async () => {
  const careless = await deskOf(async (name, input) => {
    const { ana } = desk.people;
    if (name !== "proposeDecision") return { state: "in_effect" };
    const by = { kind: "person", session: null, id: ana.id, role: ana.role } as const;
    return proposeDecision(db.web, input as ProposeDecision, by);
  });
  const { wrong } = await approveInPairs(careless, 4);
  expect(wrong).toHaveLength(4);
});
