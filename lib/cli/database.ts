import { join } from "node:path";
import { EmbeddedError, freePort, startEmbedded } from "#lib/db/embedded.ts";
import { goldenFaults } from "#lib/db/golden-guards.ts";
import { migrate, MigrationError } from "#lib/db/migrate.ts";
import {
  findNextPayloadKey,
  PayloadKeyError,
  readPayloadKey,
  setPayloadKey,
} from "#lib/db/payload-key.ts";
import {
  ensureDatabase,
  loginUrl,
  ownerUrl,
  provision,
  ProvisionError,
} from "#lib/db/provision.ts";
import { installQueue } from "#lib/db/queue.ts";
import type { Secrets } from "#lib/db/secrets.ts";
import { adminDatabaseUrl } from "#lib/env.ts";
import { StartError, step } from "./progress.ts";

export type Database = {
  /** `DATABASE_URL_<LOGIN>` for the processes that come next. */
  env: Record<
    | "DATABASE_URL_WEB"
    | "DATABASE_URL_WORKER"
    | "DATABASE_URL_SIGNER"
    | "DATABASE_URL_VERIFIER"
    | "DATABASE_URL_AUDITOR",
    string
  >;
  ownerUrl: string;
  adminUrl: string;
  embedded: boolean;
  /** Settles when an embedded server ends by itself; never for a server of the operator's. */
  exited: Promise<void>;
  stop: () => Promise<void>;
};

export const DATABASE_NAME = "countersign";

/** Brings up a database with the present schema and its logins. Throws StartError. */
export async function openDatabase(home: string, secrets: Secrets): Promise<Database> {
  const given = adminDatabaseUrl();
  const server = given ? null : await startServer(home, secrets);
  const adminUrl = given ?? server!.adminUrl(DATABASE_NAME);
  const stop = async () => server?.stop();
  try {
    if (server) await ensureDatabase(server.adminUrl(), DATABASE_NAME);
    await step("Database logins", () => provision(adminUrl, secrets));
    await step("Migrations", async () => {
      await migrate(ownerUrl(adminUrl));
      await installQueue(ownerUrl(adminUrl));
    });
    await step("Key of the payloads", async () =>
      setPayloadKey(ownerUrl(adminUrl), await readPayloadKey(home), await findNextPayloadKey(home)),
    );
    await step("Guards of the gate", () => refuseMissingGuards(ownerUrl(adminUrl)));
  } catch (error) {
    await stop();
    throw explain(error);
  }
  return {
    env: {
      DATABASE_URL_WEB: loginUrl(adminUrl, "web", secrets.web),
      DATABASE_URL_WORKER: loginUrl(adminUrl, "worker", secrets.worker),
      DATABASE_URL_SIGNER: loginUrl(adminUrl, "signer", secrets.signer),
      DATABASE_URL_VERIFIER: loginUrl(adminUrl, "verifier", secrets.verifier),
      DATABASE_URL_AUDITOR: loginUrl(adminUrl, "auditor", secrets.auditor),
    },
    ownerUrl: ownerUrl(adminUrl),
    adminUrl,
    embedded: server !== null,
    exited: server?.exited ?? new Promise(() => undefined),
    stop,
  };
}

/** Without its guards the database would let through what nobody signed, so nothing starts. */
async function refuseMissingGuards(owner: string): Promise<void> {
  const faults = await goldenFaults(owner);
  if (faults.length === 0) return;
  const more = faults.length > FAULTS_SHOWN ? `, and ${faults.length - FAULTS_SHOWN} more` : "";
  throw new StartError(
    `The database does not guard its decisions as this version expects: ${faults.slice(0, FAULTS_SHOWN).join("; ")}${more}. Somebody changed it; find out who, and restore the schema before anybody signs.`,
  );
}

const FAULTS_SHOWN = 5;

function startServer(home: string, secrets: Secrets) {
  return step("Postgres", async () => {
    try {
      return await startEmbedded({
        directory: join(home, "postgres"),
        port: await freePort(),
        password: secrets.superuser,
      });
    } catch (error) {
      throw explain(error);
    }
  });
}

const UNREACHABLE = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EAI_AGAIN",
  "ECONNRESET",
];
const REFUSED_LOGIN = ["28P01", "28000", "3D000"];

function explain(error: unknown): unknown {
  if (
    error instanceof EmbeddedError ||
    error instanceof MigrationError ||
    error instanceof PayloadKeyError ||
    error instanceof ProvisionError
  ) {
    return new StartError(error.message, { cause: error });
  }
  const { code, message } = error as { code?: string; message?: string };
  if (code && UNREACHABLE.includes(code)) {
    return new StartError(
      `The database at DATABASE_URL cannot be reached (${code}); check the address, or unset DATABASE_URL to use the embedded one.`,
    );
  }
  if (code && REFUSED_LOGIN.includes(code)) {
    return new StartError(`The database at DATABASE_URL refuses the connection: ${message}.`);
  }
  if (/timeout/i.test(message ?? "")) {
    return new StartError(`The database at DATABASE_URL does not answer within ten seconds.`);
  }
  return error;
}
