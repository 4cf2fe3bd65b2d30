/** Attacks on what an entry of the trail says beside its payload, and on the hashes of its tree. */
import { undone } from "./testing-world.ts";
import type { Attack } from "./testing-world.ts";

const APPEND = "select trail.append('note.added', 'system:x', null, '{}')";

export const TRAIL_ATTACKS: Attack[] = [
  claims("trail: no such session", "countersign.session", "0123456789abcdeg"),
  claims("trail: no such session", "countersign.session", "0123456789abcdef0"),
  claims("trail: nobody to act on behalf of", "countersign.on_behalf", "system:gate"),
  claims("trail: nobody to act on behalf of", "countersign.on_behalf", 'person:","v":1}'),
  {
    name: "worker: an export key that is none",
    says: "export: this is no verifier key",
    state: "22023",
    run: ({ db }) =>
      undone(db.pools.worker, (client) => client.query("select gate.publish_export_key('key')")),
  },
  {
    name: "web: a payload that no reader has room for",
    says: 'new row for relation "sealed_payload" violates check constraint "payload_size"',
    state: "23514",
    run: ({ web }) =>
      undone(web, (client) =>
        client.query(
          `select trail.append('note.added', 'system:x', null, '{"text":"' || repeat('x', 4194304) || '"}')`,
        ),
      ),
  },
  {
    name: "web: a hash of the tree",
    says: "permission denied for table node",
    run: ({ web }) =>
      undone(web, (client) =>
        client.query(
          "insert into trail.node (level, index, hash) values (40, 0, sha256(''::bytea))",
        ),
      ),
  },
];

/** A transaction of web's that claims this and then writes an entry. */
function claims(says: string, setting: string, value: string): Attack {
  return {
    name: `web: ${setting} = ${value}`,
    says,
    state: "22023",
    run: ({ web }) =>
      undone(web, async (client) => {
        await client.query("select set_config($1, $2, true)", [setting, value]);
        await client.query(APPEND);
      }),
  };
}
