import { randomUUID } from "node:crypto";
import { configureResponder } from "#lib/commands/responses/configure-responder.ts";
import { createTokenCache } from "#lib/connectors/responders/access-token.ts";
import type { ConfigureResponderInput, ResponderSetup } from "#lib/contracts/responder-inputs.ts";
import { TEST_SEAL_KEYS } from "#lib/db/testing-copilot.ts";
import { propose, sign } from "#lib/db/testing-gate.ts";
import { makeIncident, makePerson, type TestPerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { ResponseAction } from "#lib/domain/decision/decision.ts";
import { RESPONDER_SERVES } from "#lib/domain/decision/responder.ts";
import type { RespondContext } from "./context.ts";

/** For tests: a desk whose signed responses are carried out. */
export type ResponseDesk = {
  db: TestDatabase;
  ana: TestPerson;
  lea: TestPerson;
  adm: TestPerson;
  context: (over?: Partial<RespondContext>) => RespondContext;
  configure: (
    setup: ResponderSetup,
    over?: Partial<ConfigureResponderInput>,
  ) => Promise<{ id: string; version: number; token: string | null }>;
  /** Takes every responder out of force. */
  retireAll: () => Promise<void>;
  /** Proposes and signs a containment of one action; gives its run. */
  signed: (action: SignedAction, incidentId?: string) => Promise<SignedRun>;
  run: (runId: string) => Promise<RunRow>;
  attempts: (runId: string) => Promise<AttemptRow[]>;
  trailKinds: (incidentId: string) => Promise<string[]>;
  /** What waits for its time is due now. */
  hurry: (runId: string) => Promise<void>;
  /** The worker that has a run is taken for dead. */
  lapse: (runId: string) => Promise<void>;
};

export type SignedAction = ResponseAction & { undoOf?: string };
export type SignedRun = { incidentId: string; decisionId: string; runId: string };
export type RunRow = {
  outcome: string;
  detail: string | null;
  step: string;
  foreseen: string | null;
  checked: string | null;
  checks: number;
};
export type AttemptRow = {
  number: number;
  key: string;
  outcome: string | null;
  http_status: number | null;
  answer: string | null;
  may_have_acted: boolean | null;
};

export const KEYS = { sealPublicKey: TEST_SEAL_KEYS.publicKey };

export async function responseDesk(db: TestDatabase): Promise<ResponseDesk> {
  const [ana, lea, adm] = await Promise.all([
    makePerson(db, "analyst", "ana"),
    makePerson(db, "lead", "lea"),
    makePerson(db, "admin", "adm"),
  ]);
  const tokens = createTokenCache();
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const sql = db.pools.owner;
  return {
    db,
    ana,
    lea,
    adm,
    context: (over) => ({
      db: db.worker,
      worker: randomUUID(),
      sealKey: TEST_SEAL_KEYS.privateKey,
      log: silent,
      tokens,
      leaseMs: 60_000,
      ...over,
    }),
    configure: (setup, over) =>
      configureResponder(
        db.web,
        {
          name: `responder ${randomUUID().slice(0, 8)}`,
          actions: [...RESPONDER_SERVES[setup.kind]],
          setup,
          replaces: null,
          newToken: false,
          ...over,
        },
        { kind: "person", session: null, id: adm.id },
        KEYS,
      ),
    async retireAll() {
      await sql.query(
        "update responder set retired_at = clock_timestamp(), token_sha256 = null, token_hint = null where retired_at is null",
      );
    },
    async signed(action, given) {
      const incidentId = given ?? (await makeIncident(db)).id;
      const content = { kind: "containment", reason: "Stop it.", actions: [action] };
      const decision = await propose(db.pools.web, {
        incidentId,
        proposer: ana,
        kind: "containment",
        forged: { content: JSON.stringify(content) },
        statementSays: { content },
      });
      await sign(db.pools.web, decision, { person: lea });
      const { rows } = await sql.query("select id from response_run where decision_id = $1", [
        decision.id,
      ]);
      return { incidentId, decisionId: decision.id, runId: rows[0].id };
    },
    ...looks(db),
  };
}

type Looks = Pick<ResponseDesk, "run" | "attempts" | "trailKinds" | "hurry" | "lapse">;

function looks(db: TestDatabase): Looks {
  const sql = db.pools.owner;
  return {
    async run(runId) {
      const { rows } = await sql.query<RunRow>(
        `select r.outcome, r.detail, t.step, t.foreseen, t.checked, t.checks
         from response_run r join response_task t on t.run_id = r.id where r.id = $1`,
        [runId],
      );
      return rows[0]!;
    },
    async attempts(runId) {
      const { rows } = await sql.query<AttemptRow>(
        `select number, key, outcome, http_status, answer, may_have_acted from response_attempt where run_id = $1 order by number`,
        [runId],
      );
      return rows;
    },
    async trailKinds(incidentId) {
      const { rows } = await sql.query(
        "select line::jsonb ->> 'kind' as kind from trail.entry where line::jsonb ->> 'incident' = $1 order by seq",
        [incidentId],
      );
      return rows.map(({ kind }) => kind as string).filter((kind) => kind.startsWith("response."));
    },
    async hurry(runId) {
      await sql.query("update response_task set next_at = clock_timestamp() where run_id = $1", [
        runId,
      ]);
    },
    async lapse(runId) {
      await sql.query(
        "update response_task set claimed_until = clock_timestamp() where run_id = $1",
        [runId],
      );
    },
  };
}
