/** Incidents with an attacker's text in one record, through ingest, the rules, and a model run. */
import type { FakeModel } from "#e2e/fake-model/server.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { queueSummary } from "#lib/commands/queue-summary.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import { activateForTest, TEST_SEAL_KEYS, TEST_WORKER } from "#lib/db/testing-copilot.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { SentFormat } from "#lib/domain/evidence/record.ts";
import { CLOCKS, type RunContext } from "#lib/jobs/run-model/context.ts";
import { runModel } from "#lib/jobs/run-model/run-model.ts";
import { summarise } from "#lib/jobs/summarise.ts";
import { carry, type Carrier } from "./carriers.ts";

export const ALERT_TITLE = "Web server started a command shell";
const EVENTS = 4;

export type InjectionDesk = {
  /** Takes in an incident whose last record carries `text`; its id. */
  open: (carrier: Carrier, text: string, number: number) => Promise<string>;
  /** The rules summary, then the model's, with a repair when one is queued. */
  read: (incidentId: string) => Promise<void>;
};

export async function injectionDesk(db: TestDatabase, fake: FakeModel): Promise<InjectionDesk> {
  for (const prompt of PROMPTS) await publishPrompt(db.worker, prompt, TEST_WORKER);
  const { admin } = await activateForTest(db, {
    model: "obedient",
    baseUrl: fake.url,
    profile: {
      concurrency: 16,
      price: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
      repairs: true,
    },
  });
  const name = "Proof source";
  const by = { kind: "person", session: null, id: admin.id, role: "admin" } as const;
  const { id } = await createSource(db.web, { name, format: "auto" }, by);
  const context = runContext(db);

  async function take(incidentKey: string, format: SentFormat, records: object[]): Promise<string> {
    const result = await ingestRecords(db.web, {
      source: { id, name },
      ...{ format, incidentKey, normalise },
      records: records.map((record, index) => ({
        index,
        bytes: Buffer.from(JSON.stringify(record)),
      })),
    });
    const [incident] = result.incidents;
    if (!incident || result.accepted !== records.length)
      throw new Error(`A record of the proof was not taken in: ${JSON.stringify(result)}`);
    return incident.id;
  }

  return {
    async open(carrier, text, number) {
      const key = `proof-${number}`;
      await take(key, "generic", ordinaryRecords(number));
      const { format, record } = carry(carrier, text, `atk-${number}-1`);
      return take(key, format, [record]);
    },
    async read(incidentId) {
      await summarise(db.worker, incidentId);
      const { runId } = await queueSummary(db.worker, { incidentId });
      if (runId) await runModel(runId, context);
      const repair = await db.worker.modelRun.findFirst({
        where: { incidentId, kind: "repair", state: "queued" },
        select: { id: true },
      });
      if (repair) await runModel(repair.id, context);
    },
  };
}

/** One high alert and a few events, the same in every incident. */
function ordinaryRecords(number: number): object[] {
  const alert = {
    ...{ id: `base-${number}-0`, kind: "alert", time: "2026-03-01T02:10:00.000Z" },
    ...{ severity: "high", title: ALERT_TITLE, host: "web-03", "process.name": "cmd.exe" },
  };
  const events = Array.from({ length: EVENTS }, (_, i) => ({
    ...{ id: `base-${number}-${i + 1}`, kind: "event", time: `2026-03-01T02:0${i + 1}:00.000Z` },
    ...{ title: "logon success", action: "logon", outcome: "success", host: "web-03" },
    ...{ "target.user": "svc.web", "source.ip": "10.20.4.17" },
  }));
  return [alert, ...events];
}

function runContext(db: TestDatabase): RunContext {
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return {
    db: db.worker,
    worker: "proof",
    sealKey: TEST_SEAL_KEYS.privateKey,
    log: silent,
    clocks: { ...CLOCKS, settle: 0, backoff: 0 },
    shutdown: new AbortController().signal,
    wake: () => undefined,
  };
}
