import { randomUUID } from "node:crypto";
import type { FakeModel } from "#e2e/fake-model/server.ts";
import type { LivePerson } from "#lib/auth/session.ts";
import { createSource } from "#lib/commands/create-source.ts";
import { ingestRecords } from "#lib/commands/ingest-records.ts";
import { openSession } from "#lib/commands/open-session.ts";
import { publishPrompt } from "#lib/commands/publish-prompt.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { PROMPTS } from "#lib/copilot/prompts/published.ts";
import { activateForTest, TEST_SEAL_KEYS, TEST_WORKER } from "#lib/db/testing-copilot.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import type { ModelProfile } from "#lib/domain/copilot/profile.ts";
import { startProcess, type DrillProcess } from "./processes.ts";

/** A person may hold five streams open, so several of them read. */
export const READERS = 8;
const SYSTEM = { kind: "system", id: "drill" } as const;

export type DrillDesk = {
  configId: string;
  /** Ingests so many incidents of so many alerts each, and gives their ids. */
  openIncidents: (count: number, alerts: number) => Promise<string[]>;
  /** The product's worker as a process of its own. */
  worker: () => DrillProcess;
  /** A web process on this port; the header `x-reader` says which of `READERS` people asks. */
  web: (port: number) => DrillProcess;
};

/** A desk whose model in force is the fake one, without limits that matter. */
export async function drillDesk(
  db: TestDatabase,
  fake: FakeModel,
  profile: Partial<ModelProfile> = {},
): Promise<DrillDesk> {
  for (const prompt of PROMPTS) await publishPrompt(db.worker, prompt, TEST_WORKER);
  const few = { concurrency: 16, price: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 } };
  const { configId } = await activateForTest(db, {
    model: "fake-1",
    baseUrl: fake.url,
    profile: { ...few, ...profile },
  });
  const readers: LivePerson[] = [];
  for (let n = 0; n < READERS; n += 1) readers.push(await signedIn(db, n));
  const name = "Drill source";
  const source = await createSource(db.web, { name, format: "generic" }, SYSTEM);
  const settings = {
    DATABASE_URL_WORKER: db.urls.worker,
    DATABASE_URL_WEB: db.urls.web,
    COUNTERSIGN_SEAL_PRIVATE: TEST_SEAL_KEYS.privateKey,
    LOG_LEVEL: "error",
  };
  return {
    configId,
    async openIncidents(count, alerts) {
      const ids: string[] = [];
      for (let n = 0; n < count; n += 1)
        ids.push(await openIncident(db, { id: source.id, name }, alerts));
      return ids;
    },
    worker: () => startProcess("lib/cli/prove/drill/worker-instance.ts", [], settings),
    web: (port) =>
      startProcess(
        "lib/cli/prove/drill/web-instance.ts",
        [String(port), JSON.stringify(readers)],
        settings,
      ),
  };
}

async function signedIn(db: TestDatabase, n: number): Promise<LivePerson> {
  const { id, name, role } = await makePerson(db, "lead", `Reader ${n}`);
  const session = { personId: id, role, address: "127.0.0.1", userAgent: null };
  const { id: sessionId } = await openSession(db.web, session);
  return { id, name, role, sessionId };
}

async function openIncident(
  db: TestDatabase,
  source: { id: string; name: string },
  alerts: number,
): Promise<string> {
  const key = randomUUID();
  const records = Array.from({ length: alerts }, (_, index) => ({
    index,
    bytes: Buffer.from(JSON.stringify(alertOf(key, index))),
  }));
  const batch = { source, format: "generic", incidentKey: key, records, normalise } as const;
  const { incidents } = await ingestRecords(db.web, batch);
  return incidents[0]!.id;
}

function alertOf(key: string, index: number): object {
  return {
    id: `${key}-${index}`,
    kind: "alert",
    time: new Date(Date.UTC(2026, 2, 1, 2, index)).toISOString(),
    severity: "high",
    title: `Odd logon number ${index + 1}`,
    host: `ws-${String(index).padStart(3, "0")}`,
    user: "j.doe",
  };
}
