import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";

/** Every guard as the migrations leave it on an empty database: a line each, digest and name. `npm run guards` writes it. */
export const GOLDEN_FILE = fileURLToPath(new URL("../../prisma/guards.txt", import.meta.url));

type Guard = { name: string; digest: string };

/** The guards that stand in a database now, by name. `ownerUrl` acts as countersign_owner. */
export async function readGuards(ownerUrl: string): Promise<Guard[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<Guard>("SELECT name, digest FROM gate.guards_now()");
    return rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } finally {
    await client.end();
  }
}

export function goldenText(guards: readonly Guard[]): string {
  return guards.map(({ name, digest }) => `${digest} ${name}\n`).join("");
}

/**
 * What of the guards is not as this version's own copy has it, in sentences; empty when all is well. The database keeps
 * such a list too (`gate.missing_guards`), but whoever can change a guard there can change the list. Of constraints,
 * indexes and rights only the names are compared here: their text differs between versions of Postgres.
 */
export async function goldenFaults(ownerUrl: string): Promise<string[]> {
  const golden = parse(await readFile(GOLDEN_FILE, "utf8"));
  const standing = new Map((await readGuards(ownerUrl)).map(({ name, digest }) => [name, digest]));
  const gone = [...golden.keys()].filter((name) => !standing.has(name));
  const changed = [...golden].filter(
    ([name, digest]) =>
      /^(?:function|trigger) /.test(name) && standing.has(name) && standing.get(name) !== digest,
  );
  return [
    ...gone.map((name) => `${name} is gone`),
    ...changed.map(([name]) => `${name} was changed`),
  ];
}

function parse(text: string): Map<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  if (lines.length === 0) throw new Error(`${GOLDEN_FILE} names no guard.`);
  return new Map(lines.map((line) => [line.slice(33), line.slice(0, 32)]));
}
