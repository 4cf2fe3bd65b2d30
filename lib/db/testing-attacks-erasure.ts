import { truncation } from "./testing-attacks-rights.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const NO_TABLE = ["sealed_payload", "payload_key", "key_encryption_key"];
const SEALED = "check_change on trail.sealed_payload";
const READERS = ["web", "worker", "signer", "auditor"] as const;

/** Attacks on what the payloads of the trail are sealed with. */
export const ERASURE_ATTACKS: Attack[] = [
  ...READERS.flatMap((login) =>
    NO_TABLE.map((table): Attack => ({
      name: `${login}: select * from trail.${table}`,
      says: `permission denied for table ${table}`,
      run: ({ db }) =>
        undone(db.pools[login], (client) => client.query(`select * from trail.${table}`)),
    })),
  ),
  {
    name: "web: sets a key of its own for the payloads",
    says: "permission denied for function set_payload_key",
    run: ({ web }) => web.query("select trail.set_payload_key(sha256('mine'))"),
  },
  owner("delete from trail.sealed_payload", "append-only: DELETE on sealed_payload", SEALED),
  owner(
    "update trail.sealed_payload set salt = sha256('mine')",
    "append-only: UPDATE on sealed_payload",
    SEALED,
  ),
  owner(
    "update trail.sealed_payload set bytes = '\\x017b7d' where substr(bytes, 1, 1) = '\\x01'",
    "append-only: UPDATE on sealed_payload",
    SEALED,
  ),
  truncation("trail.sealed_payload"),
  owner(
    "update trail.payload_key set wrapped = wrapped",
    "append-only: UPDATE on payload_key",
    "append_only on trail.payload_key",
  ),
  owner(
    "delete from trail.payload_key",
    "append-only: DELETE on payload_key",
    "append_only on trail.payload_key",
  ),
  truncation("trail.payload_key"),
];

function owner(sql: string, says: string, notices?: string): Attack {
  return {
    name: `owner: ${sql}`,
    says,
    notices,
    run: (world: World) => undone(world.owner, (client) => client.query(sql)),
  };
}
