/** `npm run rotate-key`: makes the log's next key in the signer's folder; the running signer changes to it by itself. */
import { join } from "node:path";
import { homeDirectory, organisation } from "#lib/env.ts";
import { logName } from "#lib/signing/log-origin.ts";
import { makeNextKey } from "#lib/signing/log-keys.ts";

const directory = join(homeDirectory(), "signer");
const name = await logName(directory, `countersign/${organisation()}/trail`);
const key = await makeNextKey(directory, name);
process.stdout.write(`The log's next key, for auditors and for the witness's --log-key file:

  ${key}

The signer signs with both keys, tells of it on the trail (key.rotated), and then with this one alone.
`);
