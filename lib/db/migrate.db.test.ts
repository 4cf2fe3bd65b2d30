import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, startEmbedded } from "./embedded.ts";
import type { EmbeddedServer } from "./embedded.ts";
import { migrate, MigrationError, MIGRATIONS_DIRECTORY } from "./migrate.ts";
import { createClient } from "./prisma.ts";
import { ensureDatabase, loginUrl, ownerUrl, provision, ProvisionError } from "./provision.ts";
import { installQueue } from "./queue.ts";
import { adminQuery } from "./testing.ts";

const passwords = { web: "w", worker: "k", signer: "s", verifier: "v", auditor: "a" };
let directory: string;
let server: EmbeddedServer;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "countersign-migrate-"));
  const settings = { fsync: "off", shared_buffers: "32MB" };
  server = await startEmbedded({
    directory,
    port: await freePort(),
    password: "test-only",
    settings,
  });
});
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

test("an operator's own server works with a user who only may create roles, and again at every start", async () => {
  await adminQuery(server.adminUrl(), "create role dba login createrole password 'dba'");
  await adminQuery(server.adminUrl(), "create database theirs owner dba");
  const url = Object.assign(new URL(server.adminUrl("theirs")), {
    username: "dba",
    password: "dba",
  }).href;
  for (let start = 1; start <= 2; start += 1) {
    await provision(url, passwords);
    expect((await migrate(ownerUrl(url))).length > 0).toBe(start === 1);
    await installQueue(ownerUrl(url));
  }
  const web = createClient(loginUrl(url, "web", "w"));
  expect(await web.policyRule.count()).toBe(4);
  expect(await web.$queryRaw`select gate.missing_guards()`).toEqual([]);
  await web.$disconnect();
  const { rows } = await adminQuery(
    url,
    "select distinct tableowner from pg_tables where schemaname in ('public', 'gate', 'trail', 'pgboss')",
  );
  expect(rows).toEqual([{ tableowner: "countersign_owner" }]);
});

test("a user who may not create roles is told so in one sentence", async () => {
  await adminQuery(server.adminUrl(), "create role nobody login password 'n'");
  await ensureDatabase(server.adminUrl(), "other");
  const url = Object.assign(new URL(server.adminUrl("other")), {
    username: "nobody",
    password: "n",
  }).href;
  const provisioning = provision(url, passwords);
  await expect(provisioning).rejects.toBeInstanceOf(ProvisionError);
  await expect(provisioning).rejects.toThrow(
    /^The database user cannot set up Countersign's logins: [^\n]+\.$/,
  );
});

test("a login with more rights than it may have is refused", async () => {
  await adminQuery(server.adminUrl(), "alter role countersign_web createdb");
  await expect(provision(server.adminUrl("other"), passwords)).rejects.toThrow(
    /countersign_web exists and has more rights/,
  );
  await adminQuery(server.adminUrl(), "alter role countersign_web nocreatedb");
});

test("a migration that fails leaves nothing behind, and each later start says what happened", async () => {
  const migrations = join(directory, "migrations");
  await cp(MIGRATIONS_DIRECTORY, migrations, { recursive: true });
  await mkdir(join(migrations, "9000_broken"));
  await writeFile(
    join(migrations, "9000_broken", "migration.sql"),
    "create table half (n int); select 1 / 0;",
  );
  const url = server.adminUrl("broken");
  await ensureDatabase(server.adminUrl(), "broken");
  await provision(url, passwords);
  const first = migrate(ownerUrl(url), migrations);
  await expect(first).rejects.toBeInstanceOf(MigrationError);
  await expect(first).rejects.toThrow(
    "Migration 9000_broken could not be applied: division by zero.",
  );
  const { rows } = await adminQuery(url, "select to_regclass('public.half') as half");
  expect(rows).toEqual([{ half: null }]);
  await expect(migrate(ownerUrl(url), migrations)).rejects.toThrow(
    /^The database is half migrated: 9000_broken failed/,
  );
});

test("claims that stood before verifiers had versions were judged by the first, and no incident changed", async () => {
  const before = await migrationsBefore("0016");
  const url = server.adminUrl("upgraded");
  await ensureDatabase(server.adminUrl(), "upgraded");
  await provision(url, passwords);
  await migrate(ownerUrl(url), before);
  await adminQuery(
    url,
    `insert into incident (id, title, severity, severity_rank, sla_due_at, evidence_root, claims_hash, summary_standing)
     select gen_random_uuid(), 'i', 'high', 4, now(), sha256('r'), sha256('c'), standing
     from unnest(array['partial', null]) as standing;
     insert into summary (id, incident_id, origin, version, state, generator, evidence_root, evidence_count)
     select gen_random_uuid(), id, 'rules', 1, 'complete', 'rules/1', sha256('r'), 1 from incident where summary_standing = 'partial';
     insert into claim (id, summary_id, ordinal, front, text, kind, polarity, standing, predicates, checks, uncovered)
     select gen_random_uuid(), id, 0, true, 't', 'count', 'affirmed', 'partial', '[]', '[]', '[]' from summary`,
  );
  await migrate(ownerUrl(url));
  const { rows } = await adminQuery(
    url,
    `select i.version::int, i.decide_due_at - i.opened_at = interval '4 hours' as clock, i.summary_verifier, c.standing, c.verifier
     from incident i left join summary s on s.incident_id = i.id left join claim_in_force c on c.summary_id = s.id
     order by i.summary_verifier`,
  );
  expect(rows).toEqual([
    { version: 1, clock: true, summary_verifier: 1, standing: "partial", verifier: "1" },
    { version: 1, clock: true, summary_verifier: null, standing: null, verifier: null },
  ]);
  const faults = await adminQuery(url, "select gate.missing_guards() as what");
  expect(faults.rows).toEqual([]);
});

test("a database with model runs from before is upgraded: what had ended stays, what was open has failed", async () => {
  const old = await migrationsBefore("0018");
  await ensureDatabase(server.adminUrl(), "runs_from_before");
  const url = server.adminUrl("runs_from_before");
  await provision(url, passwords);
  expect((await migrate(ownerUrl(url), old)).at(-1)).toMatch(/^0017_/);
  await adminQuery(loginUrl(url, "worker", "k"), RUNS_FROM_BEFORE);
  await migrate(ownerUrl(url));
  const { rows } = await adminQuery(
    url,
    "select state, kind, finished_at is not null as ended, request, config_id from model_run order by idem",
  );
  const run = { kind: "summary", ended: true, request: "{}", config_id: null };
  expect(rows).toEqual([
    { ...run, state: "finished" },
    { ...run, state: "failed" },
  ]);
  const { rows: missing } = await adminQuery(url, "select gate.missing_guards()");
  expect(missing).toEqual([]);
});

const RUNS_FROM_BEFORE = `
  insert into prompt_version (id, name, version, text, sha256, reason) values (gen_random_uuid(), 'summarise', 1, 'x', sha256('x'), 'x');
  insert into incident (id, title, severity, severity_rank, sla_due_at, evidence_root, claims_hash)
    values (gen_random_uuid(), 'Old', 'low', 2, now(), sha256(''), sha256(''));
  insert into model_run (id, incident_id, prompt_version_id, model, state, idem, request, request_sha256, incident_version, evidence_root, finished_at)
    select gen_random_uuid(), i.id, p.id, 'm', r.state, r.idem, '{}', sha256('{}'), 1, sha256(''), r.ended
    from incident i, prompt_version p, (values ('finished', 'a', now()), ('streaming', 'b', null)) as r (state, idem, ended)`;

/** A folder with the migrations up to that number, without it. */
async function migrationsBefore(number: string): Promise<string> {
  const folder = join(directory, `before-${number}`);
  await cp(MIGRATIONS_DIRECTORY, folder, {
    recursive: true,
    filter: (path) => !/^\d{4}_/.test(basename(path)) || basename(path) < number,
  });
  return folder;
}
