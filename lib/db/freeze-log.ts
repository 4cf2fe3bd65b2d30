import { Client } from "pg";
import { leafOfLine } from "#lib/trail/line.ts";
import { CompactRange } from "#lib/trail/tree.ts";

type Why = { reason: string; by: string };
/** `root` in base64, as a checkpoint writes it. */
type FrozenLog = { name: string; size: number; root: string };
type Continued = Why & {
  from: string;
  to: string;
  key: string;
  oldKeys: string[];
  size: number;
  root: string;
};

const PAGE = 5_000;

/** Writes the log's last entry; gives its number. `ownerUrl` acts as countersign_owner. Throws with a sentence. */
export async function freezeLog(ownerUrl: string, { reason, by }: Why): Promise<number> {
  return connected(ownerUrl, async (client) => {
    const { rows: frozen } = await client.query(
      "select from trail.frozen_at() f where f is not null",
    );
    if (frozen.length > 0) throw new Error("The log is frozen already.");
    const { rows } = await client.query<{ seq: string }>("select trail.freeze_log($1, $2) as seq", [
      reason,
      by,
    ]);
    return Number(rows[0]?.seq);
  });
}

/** The frozen log as its bytes make it: every leaf is hashed again. Throws when it is not frozen. */
export async function frozenLog(ownerUrl: string, firstName: string): Promise<FrozenLog> {
  return connected(ownerUrl, async (client) => {
    const { rows } = await client.query<{ frozen: string | null; name: string | null }>(
      "select trail.frozen_at() as frozen, (select name from trail.log_origin order by seq desc limit 1) as name",
    );
    const { frozen = null, name = null } = rows[0] ?? {};
    if (frozen === null) throw new Error("The log is not frozen. First: npm run trail -- freeze");
    const size = Number(frozen) + 1;
    const range = new CompactRange();
    while (range.size < size) {
      const { rows: lines } = await client.query<{ line: string }>(
        "select line from trail.entry where seq >= $1 and seq < $2 order by seq limit $3",
        [range.size, size, PAGE],
      );
      if (lines.length === 0)
        throw new Error(`The trail has a gap: entry ${range.size} is missing.`);
      for (const { line } of lines) range.append(Buffer.from(leafOfLine(line), "hex"));
    }
    return { name: name ?? firstName, size, root: range.root().toString("base64") };
  });
}

/** Writes the first entry under the new name, which cites what was before. */
export async function continueLog(ownerUrl: string, cited: Continued): Promise<void> {
  await connected(ownerUrl, (client) =>
    client.query("select trail.continue_log($1, $2, $3)", [
      cited.to,
      cited.size,
      JSON.stringify(cited),
    ]),
  );
}

async function connected<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
