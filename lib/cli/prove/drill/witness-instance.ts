/** `node witness-instance.ts FOLDER PORT FAULT`: the product's witness, struck at one step of writing its memory. */
import { join } from "node:path";
import { witnessServer } from "#lib/cli/witness/door.ts";
import { readIfThere } from "#lib/signing/durable.ts";
import { loadOrCreateKey } from "#lib/signing/keys.ts";
import { openWitness } from "#lib/signing/witness.ts";
import { parseVerifierKey } from "#lib/trail/checkpoint.ts";
import { faultFrom } from "./faults.ts";

const [folder = "", port = "", fault = ""] = process.argv.slice(2);
const name = "drill-witness";
const witness = await openWitness({
  name,
  key: await loadOrCreateKey(join(folder, "witness.key"), name, "witness"),
  logs: async () => {
    const text = await readIfThere(join(folder, "log.key.pub"));
    return text === null ? [] : [parseVerifierKey(text.trim())];
  },
  statePath: join(folder, "seen.json"),
  atStep: faultFrom(fault),
});
witnessServer(witness, () => undefined).listen(Number(port), "127.0.0.1");
