/**
 * `npm run rotate-key`: makes the log's next key in the signer's folder; the running signer changes to it by itself.
 * With `--payload`: wraps the keys of all incidents under a new `payload.key` of the data folder.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ownerUrl } from "#lib/db/provision.ts";
import { rotatePayloadKey } from "#lib/db/rotate-payload-key.ts";
import { adminDatabaseUrl, homeDirectory, organisation } from "#lib/env.ts";
import { logName } from "#lib/signing/log-origin.ts";
import { makeNextKey } from "#lib/signing/log-keys.ts";
import { runningAdminUrl } from "./running.ts";

async function rotateLogKey(home: string): Promise<string> {
  const directory = join(home, "signer");
  const name = await logName(directory, `countersign/${organisation()}/trail`);
  const key = await makeNextKey(directory, name);
  return `The log's next key, for auditors and for the witness's --log-key file:

  ${key}

The signer signs with both keys, tells of it on the trail (key.rotated), and then with this one alone.
`;
}

async function rotateKeyOfPayloads(home: string): Promise<string> {
  const owner = ownerUrl(adminDatabaseUrl() ?? (await runningAdminUrl(home)));
  const { from, to, retired } = await rotatePayloadKey({ home, ownerUrl: owner });
  return `The payloads lie under the key ${to.slice(0, 16)} now (payload.key_rotated on the trail).
Keep a copy of payload.key apart from the backups, as before.

The key ${from.slice(0, 16)} is retired. ${retired} in ${home} keeps it: without it
nobody opens the payloads of a backup from before. Delete it with the last of those.
`;
}

try {
  const { values } = parseArgs({
    options: { payload: { type: "boolean" }, "data-dir": { type: "string" } },
  });
  const home = values["data-dir"] ?? homeDirectory();
  process.stdout.write(await (values.payload ? rotateKeyOfPayloads(home) : rotateLogKey(home)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
