import { join } from "node:path";
import { isNextKeyThere, loadLogKeys, takeNextKey, type LogKeys } from "#lib/signing/log-keys.ts";
import { logName } from "#lib/signing/log-origin.ts";
import { openSigner, type Signer, type SignerStep } from "#lib/signing/signer.ts";
import { openNote, verifierKey, type NoteKey } from "#lib/trail/checkpoint.ts";
import type { TrailLog } from "#lib/trail/log.ts";

type Options = {
  directory: string;
  /** The name that the log began with; which it has now the folder says. */
  origin: string;
  log: TrailLog;
  /** Tells of the change on the trail, once; gives the entry's number. */
  tellRotation: (from: string, to: string) => Promise<number>;
  now?: () => number;
};
export type RotatingStep = SignerStep | { did: "rotated"; to: string };
export type RotatingSigner = {
  step: () => Promise<RotatingStep>;
  lateSince: Signer["lateSince"];
  /** Every key a checkpoint of this log may be signed with, the one in force first. */
  logKeys: () => NoteKey[];
};

/**
 * The signer over the keys in its folder. When a next key appears there, the change is told on the trail, checkpoints
 * are signed by both, and once such a one that covers the entry is stored, the next key takes over alone.
 */
export async function openRotatingSigner(options: Options): Promise<RotatingSigner> {
  const { directory, log } = options;
  const open = async (name: string) => {
    const found = await loadLogKeys(directory, name);
    const statePath = join(directory, "signed.json");
    const opened = await openSigner({ ...options, ...found, origin: name, log, statePath });
    return { origin: name, keys: found, signer: opened };
  };
  const named = (key: LogKeys["key"]): NoteKey => ({ name: origin, key });
  let { origin, keys, signer } = await open(await logName(directory, options.origin));

  /** The new key once both have signed what tells of it. */
  async function finishRotation(): Promise<string | null> {
    if (keys.next === null) return null;
    const [from, to] = [verifierKey(named(keys.key)), verifierKey(named(keys.next))];
    const seq = await options.tellRotation(from, to);
    const newest = await log.last();
    if (newest === null || newest.size <= seq) return null;
    if (openNote(newest.note, [named(keys.next)]).signers.length === 0) return null;
    await takeNextKey(directory, origin);
    ({ origin, keys, signer } = await open(origin));
    return to;
  }

  return {
    async step() {
      const name = await logName(directory, options.origin);
      if (name !== origin || (keys.next === null && (await isNextKeyThere(directory))))
        ({ origin, keys, signer } = await open(name));
      const to = await finishRotation();
      return to === null ? signer.step() : { did: "rotated", to };
    },
    lateSince: () => signer.lateSince(),
    logKeys: () => [named(keys.key), ...(keys.next ? [named(keys.next)] : []), ...keys.older],
  };
}
