import { asOwner, forbidden, truncation } from "./testing-attacks-rights.ts";
import type { Attack } from "./testing-world.ts";

const COSIGNATURE = "insert into trail.cosignature (size, witness, line, signed_at";

const FROZEN = "select trail.freeze_log('r', 'b')";
const CONTINUED = `${FROZEN}; select trail.continue_log('x/2', (select size from trail.head), '{}')`;

/** Attacks on what stands beside checkpoints. */
export const SEAL_ATTACKS: Attack[] = [
  asOwner(
    "update trail.cosignature set line = line",
    "append-only: UPDATE on cosignature",
    "append_only on trail.cosignature",
  ),
  asOwner("delete from trail.cosignature", "append-only: DELETE on cosignature"),
  truncation("trail.cosignature"),
  asOwner(
    "update trail.timestamp_token set token = token",
    "append-only: UPDATE on timestamp_token",
    "append_only on trail.timestamp_token",
  ),
  asOwner("delete from trail.timestamp_token", "append-only: DELETE on timestamp_token"),
  truncation("trail.timestamp_token"),
  forbidden([
    "signer",
    "insert into trail.timestamp_token (size, token, stamped_at, at) values (1, '', now(), now())",
    "permission denied for table timestamp_token",
  ]),
  asOwner(
    "update trail.log_key set seq = seq",
    "append-only: UPDATE on log_key",
    "append_only on trail.log_key",
  ),
  asOwner("delete from trail.log_key", "append-only: DELETE on log_key"),
  truncation("trail.log_key"),
  forbidden([
    "web",
    "select trail.rotate_key('a', 'b')",
    "permission denied for function rotate_key",
  ]),
  forbidden([
    "web",
    "select trail.append('key.rotated', 'system:signer', null, '{}')",
    'new row for relation "entry" violates check constraint "entry_key_rotated"',
  ]),
  ...["log_freeze", "log_origin"].flatMap((table) => [
    asOwner(
      `${CONTINUED}; update trail.${table} set at = at`,
      `append-only: UPDATE on ${table}`,
      `append_only on trail.${table}`,
    ),
    asOwner(`${CONTINUED}; delete from trail.${table}`, `append-only: DELETE on ${table}`),
    truncation(`trail.${table}`),
  ]),
  asOwner(
    `${FROZEN}; select trail.write('note.added', 'system:owner', null, '{}')`,
    "trail: the log is frozen",
    "refuse_frozen on trail.entry",
  ),
  asOwner(
    `${CONTINUED}; insert into trail.checkpoint (size, root, note) select size, sha256(''), E'x\n' from trail.head`,
    "checkpoint: the log goes on as x/2",
    "check_origin on trail.checkpoint",
  ),
  asOwner("select trail.continue_log('x/2', 0, '{}')", "trail: the log is not frozen"),
  forbidden([
    "signer",
    "select trail.freeze_log('r', 'b')",
    "permission denied for function freeze_log",
  ]),
  forbidden([
    "web",
    "select trail.continue_log('x/2', 0, '{}')",
    "permission denied for function continue_log",
  ]),
  forbidden([
    "web",
    "select trail.append('log.frozen', 'system:web', null, '{}')",
    'new row for relation "entry" violates check constraint "entry_log_owner"',
  ]),
  ...(
    [
      ["web", `${COSIGNATURE}) values (1, 'w', '', now())`],
      ["worker", `${COSIGNATURE}) values (1, 'w', '', now())`],
      ["signer", `${COSIGNATURE}, at) values (1, 'w', '', now(), now())`],
      ["signer", "update trail.cosignature set signed_at = now()"],
    ] as const
  ).map(([login, sql]) => forbidden([login, sql, "permission denied for table cosignature"])),
];
