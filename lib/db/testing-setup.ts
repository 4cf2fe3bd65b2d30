import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { freePort, startEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { setPayloadKey } from "./payload-key.ts";
import { ensureDatabase, ownerUrl, provision } from "./provision.ts";
import { installQueue } from "./queue.ts";

declare module "vitest" {
  export interface ProvidedContext {
    testAdminUrl: string;
  }
}

export const TEMPLATE_DATABASE = "countersign_template";
/** What every test database's payloads are sealed under. */
export const TEST_PAYLOAD_KEY = Buffer.alloc(32, "test");
export const TEST_PASSWORD = "test-only-password-of-every-login";

/** One Postgres for the whole run, with a migrated database that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-test-"));
  const server = await startEmbedded({
    directory,
    port: await freePort(),
    password: TEST_PASSWORD,
    // Speed for safety: the cluster dies with the run.
    settings: {
      fsync: "off",
      full_page_writes: "off",
      synchronous_commit: "off",
      shared_buffers: "128MB",
    },
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await prepareTemplate(server.adminUrl(TEMPLATE_DATABASE), server.adminUrl());
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("testAdminUrl", server.adminUrl());
  return stop;
}

async function prepareTemplate(templateUrl: string, adminUrl: string): Promise<void> {
  const password = TEST_PASSWORD;
  await ensureDatabase(adminUrl, TEMPLATE_DATABASE);
  await provision(templateUrl, {
    web: password,
    worker: password,
    signer: password,
    verifier: password,
    auditor: password,
  });
  await migrate(ownerUrl(templateUrl));
  await setPayloadKey(ownerUrl(templateUrl), TEST_PAYLOAD_KEY);
  await installQueue(ownerUrl(templateUrl));
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  await client.query(`alter database ${TEMPLATE_DATABASE} is_template true`);
  await client.end();
}
