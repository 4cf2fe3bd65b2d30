import { Client, escapeIdentifier, escapeLiteral } from "pg";
import type { Login } from "#lib/env.ts";

/** The logins that processes use at run time; none owns anything, none is a superuser. */
export const RUNTIME_LOGINS = ["web", "worker", "signer", "verifier", "auditor"] as const;
export type RuntimeLogin = (typeof RUNTIME_LOGINS)[number];

const OWNER = "countersign_owner";

/** The database user cannot do what provisioning needs; the message is one sentence for the operator. */
export class ProvisionError extends Error {
  override name = "ProvisionError";
}

/** Makes a database if the server has none of that name. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const { rowCount } = await client.query("select 1 from pg_database where datname = $1", [name]);
    if (!rowCount)
      await client.query(`create database ${escapeIdentifier(name)} template template0`);
  });
}

/**
 * Makes (or resets) the roles and their right to connect: `countersign_owner`, which owns every table and cannot
 * log in, and one login each for web, worker, signer, verifier and auditor with the given passwords. Safe to run at every
 * start. `adminUrl` names the product's database and a user that may create roles there.
 * @throws ProvisionError
 */
export async function provision(
  adminUrl: string,
  passwords: Record<RuntimeLogin, string>,
): Promise<void> {
  await withClient(adminUrl, async (client) => {
    try {
      // Roles belong to the whole server: two starts at once must not race.
      await client.query("select pg_advisory_lock(hashtext('countersign.provision'))");
      await makeRoles(client, passwords);
      await grantDatabase(client);
    } catch (error) {
      throw new ProvisionError(
        `The database user cannot set up Countersign's logins: ${(error as Error).message}.`,
        {
          cause: error,
        },
      );
    }
  });
}

/** The connection string with which migrations and enrolment act as countersign_owner. */
export function ownerUrl(adminUrl: string): string {
  const url = new URL(adminUrl);
  url.searchParams.set("options", `-c role=${OWNER}`);
  return url.href.replaceAll("+", "%20");
}

/** The same server and database for another login. */
export function loginUrl(
  adminUrl: string,
  login: Exclude<Login, "owner">,
  password: string,
): string {
  const url = new URL(adminUrl);
  url.username = roleName(login);
  url.password = encodeURIComponent(password);
  return url.href;
}

function roleName(login: RuntimeLogin): string {
  return `countersign_${login}`;
}

async function makeRoles(client: Client, passwords: Record<RuntimeLogin, string>): Promise<void> {
  await makeRole(client, OWNER);
  await client.query(`alter role ${OWNER} nologin`);
  await joinOwner(client);
  for (const login of RUNTIME_LOGINS) {
    const role = roleName(login);
    await makeRole(client, role);
    await client.query(`alter role ${role} login password ${escapeLiteral(passwords[login])}`);
    await refusePower(client, role);
  }
  // A summary of a big incident is one long transaction; a page never is.
  for (const role of ["countersign_web", "countersign_verifier"]) {
    await client.query(`alter role ${role} set statement_timeout = '60s'`);
    await client.query(`alter role ${role} set idle_in_transaction_session_timeout = '60s'`);
  }
}

async function makeRole(client: Client, role: string): Promise<void> {
  const { rowCount } = await client.query("select 1 from pg_roles where rolname = $1", [role]);
  if (!rowCount) await client.query(`create role ${role} noinherit`);
}

// Since Postgres 16 the maker of a role administers it but is no member: without this, no `set role`.
async function joinOwner(client: Client): Promise<void> {
  const { rows } = await client.query(
    "select rolsuper or pg_has_role(oid, $1, 'MEMBER') as member from pg_roles where rolname = current_user",
    [OWNER],
  );
  const maySet = await client.query(`set role ${OWNER}`).then(
    () => true,
    () => false,
  );
  await client.query("reset role");
  if (!rows[0]?.member || !maySet) await client.query(`grant ${OWNER} to current_user`);
}

async function refusePower(client: Client, role: string): Promise<void> {
  const { rows } = await client.query(
    `select r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls or r.rolreplication
         or exists (select from pg_auth_members m where m.member = r.oid) as powerful
       from pg_roles r where r.rolname = $1`,
    [role],
  );
  if (rows[0]?.powerful)
    throw new Error(`role ${role} exists and has more rights than it may have`);
}

async function grantDatabase(client: Client): Promise<void> {
  const { rows } = await client.query("select current_database() as name");
  const database = escapeIdentifier(rows[0].name as string);
  const logins = RUNTIME_LOGINS.map(roleName).join(", ");
  await client.query(`revoke all on database ${database} from public`);
  await client.query(`grant connect on database ${database} to ${logins}, ${OWNER}`);
  await client.query(`grant create on database ${database} to ${OWNER}`);
  await client.query("revoke create on schema public from public");
  await client.query(`grant usage, create on schema public to ${OWNER}`);
  await client.query(`grant usage on schema public to ${logins}`);
}

async function withClient(
  connectionString: string,
  use: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
