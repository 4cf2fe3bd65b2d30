import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startEmbedded } from "#lib/db/embedded.ts";
import { migrate } from "#lib/db/migrate.ts";
import { setPayloadKey } from "#lib/db/payload-key.ts";
import { createClient } from "#lib/db/prisma.ts";
import type { Db } from "#lib/db/prisma.ts";
import { ensureDatabase, loginUrl, ownerUrl, provision } from "#lib/db/provision.ts";

export type ScratchServer = {
  /** A migrated, empty database of its own. */
  database: (name: string) => Promise<ScratchDatabase>;
  stop: () => Promise<void>;
};
export type ScratchDatabase = {
  adminUrl: string;
  webUrl: string;
  web: Db;
  worker: Db;
  close: () => Promise<void>;
};

/** An embedded Postgres with the product's own durability settings, for measuring; gone afterwards. */
export async function startScratchServer(): Promise<ScratchServer> {
  const directory = await mkdtemp(join(tmpdir(), "countersign-bench-"));
  const password = randomBytes(24).toString("base64url");
  const server = await startEmbedded({ directory, port: await freePort(), password });
  return {
    database: (name) => openScratch(server.adminUrl(), server.adminUrl(name), name, password),
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function openScratch(
  serverUrl: string,
  adminUrl: string,
  name: string,
  password: string,
): Promise<ScratchDatabase> {
  await ensureDatabase(serverUrl, name);
  await provision(adminUrl, {
    web: password,
    worker: password,
    signer: password,
    verifier: password,
    auditor: password,
  });
  await migrate(ownerUrl(adminUrl));
  await setPayloadKey(ownerUrl(adminUrl), randomBytes(32));
  const webUrl = loginUrl(adminUrl, "web", password);
  const web = createClient(webUrl, 4);
  const worker = createClient(loginUrl(adminUrl, "worker", password), 4);
  return {
    adminUrl,
    webUrl,
    web,
    worker,
    close: async () => {
      await Promise.all([web.$disconnect(), worker.$disconnect()]);
    },
  };
}
