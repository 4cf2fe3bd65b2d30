/**
 * Guards whose attacks the catalog itself gives: a value that a check refuses, a statement that a login has no right
 * to, a call it may not make. Each is tried with the guard and without it, in a transaction that is taken back.
 */
import { Client } from "pg";
import { LOGINS, type Login } from "#lib/env.ts";
import { sqlState } from "./transaction.ts";
import type { Guard, Mutant } from "./testing-guards.ts";
import type { World } from "./testing-world.ts";

type Found = Omit<Guard, "exempt">;
type Sql = Pick<Client, "query">;

const OTHERS = LOGINS.filter((login): login is Exclude<Login, "owner"> => login !== "owner");
const SCHEMAS = "('public'::regnamespace, 'gate'::regnamespace, 'trail'::regnamespace)";

export async function rolledBackGuards(world: World): Promise<Found[]> {
  return undone(world, async (sql) => [
    ...(await checks(world, sql)),
    ...(await uniques(world, sql)),
    ...(await rights(world, sql)),
    ...(await calls(world, sql)),
    ...(await paths(world, sql)),
  ]);
}

/** As a superuser, who may be any login; nothing of it stays. */
async function undone<T>({ db }: World, run: (sql: Sql) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: db.adminUrl });
  await client.connect();
  try {
    await client.query("begin");
    return await run(client);
  } finally {
    await client.query("rollback");
    await client.end();
  }
}

/** What the database says to this, or null; nothing of it stays. */
async function refusalOf(sql: Sql, statement: string, as?: string): Promise<Said | null> {
  await sql.query("savepoint one");
  try {
    if (as !== undefined) await sql.query(`set local session authorization ${as}`);
    await sql.query(statement);
    return null;
  } catch (error) {
    return { words: (error as Error).message, state: sqlState(error) };
  } finally {
    await sql.query("rollback to savepoint one");
  }
}
type Said = { words: string; state: string | null };

type Trial = {
  /** Takes the guard away. */
  away: string;
  /** Is what it guards against refused, and by it? One for each way to try. */
  tries: ((sql: Sql) => Promise<boolean>)[];
};

async function withoutTried(world: World, { away, tries }: Trial): Promise<Mutant> {
  const held = (sql: Sql) => countOf(sql, tries);
  return undone(world, async (sql) => {
    const before = await held(sql);
    await sql.query("savepoint away");
    await sql.query(away);
    const noticedBy = before - (await held(sql));
    const isAtStart = await isMissing(sql);
    await sql.query("rollback to savepoint away");
    const isBack = (await held(sql)) === tries.length && !(await isMissing(sql));
    return { noticedBy: before === tries.length ? noticedBy : 0, isAtStart, isBack };
  });
}

async function countOf(sql: Sql, tries: Trial["tries"]): Promise<number> {
  let count = 0;
  for (const one of tries) if (await one(sql)) count += 1;
  return count;
}

async function isMissing(sql: Sql): Promise<boolean> {
  return ((await sql.query("select from gate.missing_guards()")).rowCount ?? 0) > 0;
}

function found(world: World, kind: Guard["kind"], name: string, trial: Trial): Found {
  return { kind, name, attacks: trial.tries.length, without: () => withoutTried(world, trial) };
}

type Column = { name: string; type: string };
type Check = { name: string; on: string; def: string; others: string[]; columns: Column[] };

async function checks(world: World, sql: Sql): Promise<Found[]> {
  const { rows } = await sql.query<Check>(
    `select k.conname as name, k.conrelid::regclass::text as on, pg_get_constraintdef(k.oid) as def,
       array(select o.conname::text from pg_constraint o where o.conrelid = k.conrelid and o.contype = 'c' and o.oid <> k.oid) as others,
       (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null))), '[]')
        from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey)) as columns
     from pg_constraint k where k.contype = 'c' and k.connamespace in ${SCHEMAS} and k.conrelid <> 0 order by 2, 1`,
  );
  const all: Found[] = [];
  for (const check of rows) {
    const says = `violates check constraint "${check.name}"`;
    const isRefused = (statement: string) => async (on: Sql) =>
      (await refusalOf(on, statement))?.words.endsWith(says) ?? false;
    const value = await firstOf(await updatesFor(sql, check), (one) => isRefused(one)(sql));
    const away = `alter table ${check.on} drop constraint ${check.name}`;
    const tries = value === undefined ? [] : [isRefused(value)];
    all.push(found(world, "check", `${check.name} on ${check.on}`, { away, tries }));
  }
  return all;
}

async function firstOf<T>(some: readonly T[], fits: (one: T) => Promise<boolean>) {
  for (const one of some) if (await fits(one)) return one;
  return undefined;
}

/** Values worth trying, by type: too small, too large, empty, of another form, absent. */
const VALUES: [type: RegExp, values: string[]][] = [
  [/\[\]$/, ["'{x}'", "'{}'", "null"]],
  [/^(text|character)/, ["''", "'x'", "' x '", "'X'", "E'x\\ny'", "repeat('x', 20000)", "null"]],
  [
    /^(integer|bigint|smallint|numeric|double|real)/,
    ["-1", "0", "1", "32767", "2147483647", "null"],
  ],
  [
    /^bytea/,
    [
      ...["''", "'\\x00'", "decode(repeat('00', 9000), 'hex')", "null"],
      "decode(repeat('00', 4194305), 'hex')", // more than any bytes may be
    ],
  ],
  [/^timestamp/, ["'epoch'", "now()", "'9999-01-01'", "null"]],
  [/^boolean/, ["true", "false", "null"]],
  [/^uuid/, ["gen_random_uuid()", "id", "null"]],
  [/^json/, ["'{}'", "'[]'", "'\"x\"'", "'7'", "null"]],
];

/** Updates, each with one column set to another value, with nothing else of the table's to refuse them first. */
async function updatesFor(sql: Sql, { on, def, others, columns }: Check): Promise<string[]> {
  const literals = [...def.matchAll(/'(?:[^']|'')*'/g)].map(([literal]) => literal);
  const drops = others.map((name) => `alter table ${on} drop constraint ${name};`).join(" ");
  const start = `${ALONE} alter table ${on} disable trigger all; ${drops} ${await rowFor(sql, on, literals)}`;
  const valuesOf = ({ type }: Column) => [
    ...(VALUES.find(([of]) => of.test(type))?.[1] ?? []),
    ...(type === "text" ? literals : []),
  ];
  const updates = (besides: (column: Column) => string) =>
    columns.flatMap((column) =>
      valuesOf(column).map(
        (value) => `${start} update ${on} set ${column.name} = ${value}${besides(column)}`,
      ),
    );
  // a check of several columns may say nothing of a row where one of them is absent
  const filledBesides = ({ name }: Column) =>
    columns.map((other) => (other.name === name ? "" : `, ${filled(other)}`)).join("");
  return [...updates(() => ""), ...(columns.length > 1 ? updates(filledBesides) : [])];
}

function filled(column: Column): string {
  return `${column.name} = coalesce(${column.name}, ${firstOfType(column)})`;
}

/** Triggers and references do not refuse; all of it is taken back. */
const ALONE = "set local session_replication_role = replica;";

/** Makes a row where there is none; texts are the first that the check itself names. */
async function rowFor(sql: Sql, on: string, [text = "'x'"]: string[]): Promise<string> {
  const { rowCount } = await sql.query(`select from ${on} limit 1`);
  if ((rowCount ?? 0) > 0) return "";
  const { rows } = await sql.query<Column>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and attnotnull and not atthasdef and attidentity = ''`,
    [on],
  );
  const valueOf = (column: Column) => (column.type === "text" ? text : firstOfType(column));
  return `insert into ${on} (${rows.map(({ name }) => name).join(", ")}) values (${rows.map(valueOf).join(", ")});`;
}

function firstOfType({ type }: Column): string {
  return type.endsWith("[]") ? "'{}'" : (FIRST[type.split(" ")[0]!] ?? "null");
}

const FIRST: Record<string, string> = {
  uuid: "gen_random_uuid()",
  text: "'x'",
  integer: "1",
  bigint: "1",
  bytea: "'\\x00'",
  boolean: "false",
  jsonb: "'{}'",
  timestamp: "now()",
};

type Unique = {
  name: string;
  on: string;
  away: string;
  others: string[];
  where: string;
  /** Its columns but those that are generated. */
  stored: string;
  columns: Column[];
};

/** Unique indexes but for primary keys: a row that is there already is put there once more. */
async function uniques(world: World, sql: Sql): Promise<Found[]> {
  const { rows } = await sql.query<Unique>(
    `select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as on,
       coalesce((select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) from pg_constraint k
         where k.conindid = i.indexrelid and k.contype = 'u'), format('drop index %s', i.indexrelid::regclass)) as away,
       array(select case when k.conname is null then format('drop index %s', o.indexrelid::regclass)
           else format('alter table %s drop constraint %I cascade', o.indrelid::regclass, k.conname) end
         from pg_index o left join pg_constraint k on k.conindid = o.indexrelid and k.contype in ('p', 'u')
         where o.indrelid = i.indrelid and o.indisunique and o.indexrelid <> i.indexrelid
         union all select format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname)
         from pg_constraint k where k.conrelid = i.indrelid and k.contype = 'c') as others,
       coalesce(pg_get_expr(i.indpred, i.indrelid), 'true') as where,
       (select string_agg(quote_ident(a.attname), ', ') from pg_attribute a
         where a.attrelid = i.indrelid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as stored,
       (select coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null))), '[]')
         from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any (i.indkey)) as columns
     from pg_index i join pg_class c on c.oid = i.indrelid
     where i.indisunique and not i.indisprimary and c.relnamespace in ${SCHEMAS} order by 2, 1`,
  );
  const all: Found[] = [];
  for (const { name, on, away, others, where, stored, columns } of rows) {
    const drops = others.map((one) => `${one};`).join(" ");
    const start = `${ALONE} alter table ${on} disable trigger all; ${drops} ${await rowFor(sql, on, [])}`;
    // an index over an expression names no column of its own
    const whole = ["true", ...columns.map((column) => `${column.name} is not null`)].join(" and ");
    const fill =
      columns.length > 0
        ? `update ${on} set ${columns.map(filled).join(", ")} where ctid = (select ctid from ${on} where ${where} limit 1);`
        : "";
    const twice = `${start} ${fill}
      insert into ${on} (${stored}) overriding system value select ${stored} from ${on} where ${where} and ${whole} limit 1`;
    const bare = name.split(".").at(-1)!;
    const isRefused = async (within: Sql) =>
      (await refusalOf(within, twice))?.words.includes(`unique constraint "${bare}"`) ?? false;
    const tries = (await isRefused(sql)) ? [isRefused] : [];
    all.push(found(world, "unique", name, { away, tries }));
  }
  return all;
}

type Table = {
  name: string;
  held: Record<string, boolean>;
  columns: Record<string, string | null>;
};

/** What each login may not write in each table: new rows, some column, deletion, all of it at once. */
async function rights(world: World, sql: Sql): Promise<Found[]> {
  const all: Found[] = [];
  for (const login of OTHERS) {
    const role = `countersign_${login}`;
    const { rows } = await sql.query<Table>(tablesOf(role));
    for (const { name, held, columns } of rows) {
      const statements: [right: string, statement: string][] = [
        ["insert", `insert into ${name} (${columns["insert"]}) select null where false`],
        ["update", `update ${name} set ${columns["update"]} = default where false`],
        ["delete", `delete from ${name} where false`],
        ["truncate", `truncate ${name}`],
      ];
      const lacking = statements.filter(([right]) => !held[right]);
      if (lacking.length === 0) continue;
      const away = `grant usage on schema gate, trail to ${role}; grant ${lacking.map(([right]) => right).join(", ")} on ${name} to ${role}`;
      const tries = lacking.map(([, statement]) => isDenied(statement, role));
      all.push(found(world, "right", `${login} on ${name}`, { away, tries }));
    }
  }
  return all;
}

function isDenied(statement: string, role: string): (sql: Sql) => Promise<boolean> {
  return async (sql) => {
    const said = await refusalOf(sql, statement, role);
    return said?.state === "42501" && said.words.startsWith("permission denied");
  };
}

function tablesOf(role: string): string {
  const lackingColumn = (
    right: string,
  ) => `(select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
    and not a.attisdropped and a.attgenerated = '' and a.attidentity = '' and not has_column_privilege('${role}', c.oid, a.attnum, '${right}') order by a.attnum limit 1)`;
  const holds = (right: string) => `has_table_privilege('${role}', c.oid, '${right}')`;
  return `select c.oid::regclass::text as name,
      json_build_object('insert', ${lackingColumn("insert")} is null, 'update', ${lackingColumn("update")} is null,
        'delete', ${holds("delete")}, 'truncate', ${holds("truncate")}) as held,
      json_build_object('insert', ${lackingColumn("insert")}, 'update', ${lackingColumn("update")}) as columns
    from pg_class c where c.relkind in ('r', 'p') and c.relnamespace in ${SCHEMAS} and c.relname <> '_prisma_migrations' order by 1`;
}

type Routine = { name: string; arguments: string; lacking: string[] };

/** Functions that some login, though it may look into the schema, may not call. */
async function calls(world: World, sql: Sql): Promise<Found[]> {
  const logins = OTHERS.map((login) => `('countersign_${login}')`).join(", ");
  const { rows } = await sql.query<Routine>(
    `select f.oid::regprocedure::text as name, array(select l.login from (values ${logins}) as l (login)
         where has_schema_privilege(l.login, f.pronamespace, 'usage') and not has_function_privilege(l.login, f.oid, 'execute')) as lacking,
       coalesce((select string_agg('null::' || format_type(t, null), ', ') from unnest(f.proargtypes) as t), '') as arguments
     from pg_proc f where f.pronamespace in ${SCHEMAS} and f.prokind = 'f' and f.prorettype <> 'trigger'::regtype
       and f.pronamespace <> 'public'::regnamespace order by 1`,
  );
  return rows
    .filter(({ lacking }) => lacking.length > 0)
    .map(({ name, arguments: given, lacking }) => {
      const call = `select ${name.slice(0, name.indexOf("("))}(${given})`;
      const away = `grant execute on function ${name} to ${lacking.join(", ")}`;
      const tries = lacking.map((role) => isCallDenied(call, name, role));
      return found(world, "call", name, { away, tries });
    });
}

function isCallDenied(call: string, name: string, role: string): (sql: Sql) => Promise<boolean> {
  const bare = /\.(\w+)\(/.exec(name)?.[1];
  return async (sql) =>
    (await refusalOf(sql, call, role))?.words === `permission denied for function ${bare}`;
}

/** Functions that run as the owner, whose names must not be found elsewhere. */
async function paths(world: World, sql: Sql): Promise<Found[]> {
  const { rows } = await sql.query<{ name: string }>(
    `select oid::regprocedure::text as name from pg_proc where prosecdef and pronamespace in ${SCHEMAS} order by 1`,
  );
  return rows.map(({ name }) => {
    const isPinned = async (on: Sql) => {
      const { rowCount } = await on.query(
        `select from pg_proc where oid = $1::regprocedure and 'search_path=pg_catalog, pg_temp' = any (proconfig)`,
        [name],
      );
      return rowCount === 1;
    };
    return found(world, "path", name, {
      away: `alter function ${name} reset search_path`,
      tries: [isPinned],
    });
  });
}
