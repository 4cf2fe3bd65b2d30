/** Incidents full of secrets, through ingest, redaction and a model that repeats whatever it is shown. */
import { randomUUID } from "node:crypto";
import { shownRecords } from "#e2e/fake-model/claims-from-evidence.ts";
import { startFakeModel, type FakeModel } from "#e2e/fake-model/server.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { queueSummary } from "#lib/commands/queue-summary.ts";
import { requestRun } from "#lib/commands/request-run.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import { activateForTest, TEST_SEAL_KEYS, TEST_WORKER } from "#lib/db/testing-copilot.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { CLOCKS, type RunContext } from "#lib/jobs/run-model/context.ts";
import { runModel } from "#lib/jobs/run-model/run-model.ts";

export type SecretsDesk = {
  open: (key: string, members: Record<string, string>[]) => Promise<string>;
  /** A summary, then an answer to the question. */
  read: (incidentId: string, question: string) => Promise<void>;
  /** Everything the worker logged. */
  logged: string[];
};

/** Repeats every record it is shown, as far as a claim holds it. */
export function repeatingModel(): Promise<FakeModel> {
  return startFakeModel({
    script: (request) => ({
      type: "claims",
      claims: shownRecords(request)
        .slice(0, 60)
        .map(({ id, fields, raw }) => ({
          text: `The record says ${JSON.stringify(fields)}`.slice(0, 900),
          kind: "observation",
          polarity: "affirmed",
          citations: [{ id, quote: (raw ?? "").slice(0, 480) }],
          predicates: [],
        })),
    }),
  });
}

export async function secretsDesk(db: TestDatabase, fake: FakeModel): Promise<SecretsDesk> {
  for (const prompt of PROMPTS) await publishPrompt(db.worker, prompt, TEST_WORKER);
  const price = { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 };
  const profile = { concurrency: 16, price, pseudonyms: true };
  await activateForTest(db, { model: "repeating", baseUrl: fake.url, profile });
  const analyst = await makePerson(db, "analyst");
  const by = { kind: "person", session: null, id: analyst.id, role: "analyst" } as const;
  const name = "Proof source";
  const { id } = await createSource(db.web, { name, format: "generic" }, by);
  const logged: string[] = [];
  const context = contextOf(db, logged);
  return {
    logged,
    async open(incidentKey, members) {
      const records = [alert(), ...members.map(event)].map((record, index) => ({
        ...{ index, bytes: Buffer.from(JSON.stringify(record)) },
      }));
      const source = { id, name };
      const format = "generic" as const;
      const taken = { source, format, incidentKey, records, normalise };
      const { incidents, accepted } = await ingestRecords(db.web, taken);
      if (!incidents[0] || accepted !== records.length)
        throw new Error("A record of the proof was not taken in.");
      return incidents[0].id;
    },
    async read(incidentId, question) {
      const { runId } = await queueSummary(db.worker, { incidentId });
      if (runId) await runModel(runId, context);
      const input = { kind: "answer", incidentId, question, idem: randomUUID() } as const;
      const answer = await requestRun(db.web, input, by);
      await runModel(answer.runId, context);
    },
  };
}

function alert(): object {
  const time = "2026-03-01T02:10:00.000Z";
  const what = { kind: "alert", severity: "high", title: "Credentials in use", host: "fs01" };
  return { id: randomUUID(), time, ...what, user: "adm.jordan" };
}

function event(members: Record<string, string>): object {
  const time = "2026-03-01T02:11:00.000Z";
  return {
    id: randomUUID(),
    kind: "event",
    time,
    title: "process created",
    host: "fs01",
    ...members,
  };
}

function contextOf(db: TestDatabase, logged: string[]): RunContext {
  const keep = (...parts: unknown[]) => void logged.push(JSON.stringify(parts));
  return {
    db: db.worker,
    worker: "proof",
    sealKey: TEST_SEAL_KEYS.privateKey,
    log: { info: keep, warn: keep, error: keep },
    clocks: { ...CLOCKS, settle: 0, backoff: 0 },
    shutdown: new AbortController().signal,
    wake: () => undefined,
  };
}
