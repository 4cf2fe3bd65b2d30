import pg from "pg";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { buildLine, FIRST_PREV, leafOfLine, parseLine } from "#lib/trail/line.ts";
import { NOBODY } from "#lib/db/acting.ts";

export type TrailRow = { seq: number; line: string; leaf: string };

/** A trail in Postgres whose superuser rewrites it: the guards of the database are switched off for good. */
export class TrailUnderAttack {
  readonly #db: TestDatabase;
  readonly #admin: pg.Client;

  private constructor(db: TestDatabase, admin: pg.Client) {
    this.#db = db;
    this.#admin = admin;
  }

  static async open(db: TestDatabase): Promise<TrailUnderAttack> {
    const admin = new pg.Client({ connectionString: db.adminUrl });
    await admin.connect();
    await admin.query("alter table trail.entry disable trigger all");
    return new TrailUnderAttack(db, admin);
  }

  async append(count: number): Promise<void> {
    await transact(this.#db.web, NOBODY, async (tx) => {
      const note = { kind: "note.added", actor: "system:drill", incidentId: null } as const;
      for (let n = 0; n < count; n += 1) await appendTrail(tx, { ...note, payload: { n } });
    });
  }

  async rows(): Promise<TrailRow[]> {
    const { rows } = await this.#admin.query<{ seq: string; line: string; leaf: string }>(
      "select seq, line, encode(leaf, 'hex') as leaf from trail.entry order by seq",
    );
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  }

  /** Changes one entry and makes every later hash anew, as one would who owns the database. */
  async rewriteFrom(at: number, rows: readonly TrailRow[]): Promise<void> {
    let prev = rows[at - 1]?.leaf ?? FIRST_PREV;
    const rewritten = rows.slice(at).map((row) => {
      const parsed = parseLine(row.line);
      if (!parsed.ok) throw new Error(parsed.reason);
      const actor = row.seq === at ? "system:forger" : parsed.value.actor;
      const line = buildLine({ ...parsed.value, actor, prev });
      prev = leafOfLine(line);
      return { seq: row.seq, line, leaf: prev };
    });
    await this.put(rewritten);
  }

  /** Puts these lines in the place of those that stand there. */
  async put(rows: readonly TrailRow[]): Promise<void> {
    await this.#admin.query(
      `update trail.entry e set line = n.line, leaf = decode(n.leaf, 'hex')
        from jsonb_to_recordset($1::jsonb) as n (seq bigint, line text, leaf text) where e.seq = n.seq`,
      [JSON.stringify(rows)],
    );
    // the next entry is written after what stands last
    await this.#admin.query(
      `alter table trail.head disable trigger all;
       update trail.head set prev = (select leaf from trail.entry order by seq desc limit 1);
       alter table trail.head enable trigger all`,
    );
  }

  async checkpoints(): Promise<Map<number, string>> {
    const { rows } = await this.#admin.query<{ size: string; root: string }>(
      "select size, encode(root, 'hex') as root from trail.checkpoint",
    );
    return new Map(rows.map(({ size, root }) => [Number(size), root]));
  }

  close(): Promise<void> {
    return this.#admin.end();
  }
}
