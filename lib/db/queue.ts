import { PgBoss } from "pg-boss";
import { Client } from "pg";

/** The queues of jobs; the worker makes none itself. */
export const QUEUES = ["summarise", "model-run", "evaluate", "maintain"] as const;
export type QueueName = (typeof QUEUES)[number];

/**
 * `stately`: for each incident at most one job waits and at most one runs. `exclusive`: for each run or evaluation there
 * is one job at most, waiting or running.
 */
const QUEUE_POLICIES: Record<QueueName, string> = {
  summarise: "stately",
  "model-run": "exclusive",
  evaluate: "exclusive",
  maintain: "standard",
};

/** Of earlier versions; what waited in it is queued anew from the tables. */
const FORMER_QUEUES = ["ask-model"];

const SCHEMA = "pgboss";
const MONITOR_SECONDS = 10;

/**
 * Installs or upgrades pg-boss's own tables (schema `pgboss`, owned by countersign_owner), makes the queues and
 * lets the worker use them. Safe to run at every start.
 */
export async function installQueue(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ ...QUIET, connectionString: ownerUrl, max: 2 });
  boss.on("error", () => undefined);
  await boss.start();
  try {
    for (const name of FORMER_QUEUES) {
      if (await boss.getQueue(name)) await boss.deleteQueue(name);
    }
    for (const name of QUEUES) {
      if (!(await boss.getQueue(name)))
        await boss.createQueue(name, { policy: QUEUE_POLICIES[name], retryLimit: 3 });
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  await grantWorker(ownerUrl);
}

/** pg-boss for the worker's login: it finds the tables in place and never alters them. */
export function workerQueue(workerUrl: string): PgBoss {
  return new PgBoss({
    connectionString: workerUrl,
    schema: SCHEMA,
    migrate: false,
    createSchema: false,
    // a job whose worker died is looked for this often
    superviseIntervalSeconds: MONITOR_SECONDS,
    monitorIntervalSeconds: MONITOR_SECONDS,
    max: 4,
  });
}

const QUIET = { schema: SCHEMA, supervise: false, schedule: false } as const;

async function grantWorker(ownerUrl: string): Promise<void> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query(`
      revoke all on schema ${SCHEMA} from public;
      grant usage on schema ${SCHEMA} to countersign_worker;
      grant select, insert, update, delete on all tables in schema ${SCHEMA} to countersign_worker;
      revoke insert, update, delete on ${SCHEMA}.version from countersign_worker;
      do $$ begin execute (
        select format('grant update (%s) on ${SCHEMA}.version to countersign_worker', string_agg(quote_ident(attname), ', '))
        from pg_attribute
        where attrelid = '${SCHEMA}.version'::regclass and attnum > 0 and not attisdropped and attname <> 'version'
      ); end $$;
      grant usage on all sequences in schema ${SCHEMA} to countersign_worker;
      revoke execute on all functions in schema ${SCHEMA} from public;
      grant execute on all functions in schema ${SCHEMA} to countersign_worker`);
  } finally {
    await client.end();
  }
}
