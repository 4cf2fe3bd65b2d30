import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { BackupError } from "#lib/db/backup.ts";
import { freePort, startEmbedded } from "#lib/db/embedded.ts";
import { migrate } from "#lib/db/migrate.ts";
import { findNextPayloadKey, findPayloadKey } from "#lib/db/payload-key.ts";
import { ensureDatabase, ownerUrl, provision } from "#lib/db/provision.ts";
import { installQueue } from "#lib/db/queue.ts";
import { restore } from "#lib/db/restore.ts";
import type { Restored } from "#lib/db/restore.ts";
import { readSecrets } from "#lib/db/secrets.ts";
import { adminDatabaseUrl, homeDirectory } from "#lib/env.ts";
import { openCheckpointBy, parseCheckpoint, parseVerifierKeys } from "#lib/trail/checkpoint.ts";
import type { Checkpoint, NoteKey } from "#lib/trail/checkpoint.ts";
import { parseExportLine, parseLine } from "#lib/trail/line.ts";
import { DATABASE_NAME } from "../database.ts";
import { prepareHome } from "../place.ts";
import { say } from "../progress.ts";
import type { TrailCommand } from "../trail.ts";

const USAGE = "DIR [--data-dir DIR] [--checkpoint FILE ...] [--log-key FILE ...] [--erased FILE]";

export const restoreCommand: TrailCommand = {
  usage: `${USAGE}: restores a backup where its root agrees with checkpoints kept elsewhere`,
  run: restoreDesk,
};

/**
 * Restores a backup into an empty data folder, or the empty database at DATABASE_URL. `--checkpoint` names notes that
 * were kept elsewhere, `--log-key` files of the log's verifier keys to check their signatures with, old ones too, `--erased` a later export of the
 * trail whose erasures are carried out again.
 */
async function restoreDesk(argv: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      "data-dir": { type: "string" },
      checkpoint: { type: "string", multiple: true },
      "log-key": { type: "string", multiple: true },
      erased: { type: "string" },
    },
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0)
    throw new BackupError(`Usage: npm run trail -- restore ${USAGE}`);
  const home = resolve(values["data-dir"] ?? homeDirectory());
  const keys = (await Promise.all((values["log-key"] ?? []).map(readKeys))).flat();
  const checkpoints = await Promise.all(
    (values.checkpoint ?? []).map((file) => readCheckpoint(file, keys)),
  );
  const erased = values.erased === undefined ? [] : await erasedIn(values.erased);
  await prepareHome(home);
  const [payloadKey, nextPayloadKey] = [await findPayloadKey(home), await findNextPayloadKey(home)];
  const restored = await withDatabase(home, (adminUrl) =>
    restore({ adminUrl, folder: resolve(folder), checkpoints, payloadKey, nextPayloadKey, erased }),
  );
  report(restored, { isSigned: keys.length > 0, hasKey: payloadKey !== null });
  return 0;
}

async function readKeys(file: string): Promise<NoteKey[]> {
  return told(file, async () => parseVerifierKeys(await readFile(file, "utf8")));
}

async function readCheckpoint(file: string, keys: readonly NoteKey[]): Promise<Checkpoint> {
  return told(file, async () => {
    const note = await readFile(file, "utf8");
    return keys.length > 0
      ? openCheckpointBy(note, keys)
      : parseCheckpoint(note.slice(0, note.lastIndexOf("\n\n") + 1));
  });
}

/** What a later export of the trail says was erased, of which incident and by which entry. */
async function erasedIn(file: string): Promise<{ incident: string; seq: number }[]> {
  return told(file, async () => {
    const found: { incident: string; seq: number }[] = [];
    for await (const text of createInterface({ input: createReadStream(file) })) {
      const outer = parseExportLine(text);
      const inner = outer.ok ? parseLine(outer.value.line) : outer;
      if (!inner.ok) throw new Error(inner.reason);
      const { kind, incident, seq } = inner.value;
      if (kind === "payload.erased" && incident !== null) found.push({ incident, seq });
    }
    return found;
  });
}

async function told<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new BackupError(`${file} cannot be used: ${(cause as Error).message}.`, { cause });
  }
}

/** The operator's database or the data folder's own, with the present schema and its logins. */
async function withDatabase<T>(home: string, use: (adminUrl: string) => Promise<T>): Promise<T> {
  const secrets = await readSecrets(home);
  const given = adminDatabaseUrl();
  const server = given
    ? null
    : await startEmbedded({
        directory: join(home, "postgres"),
        port: await freePort(),
        password: secrets.superuser,
      });
  const adminUrl = given ?? server!.adminUrl(DATABASE_NAME);
  try {
    if (server) await ensureDatabase(server.adminUrl(), DATABASE_NAME);
    await provision(adminUrl, secrets);
    await migrate(ownerUrl(adminUrl));
    await installQueue(ownerUrl(adminUrl));
    return await use(adminUrl);
  } finally {
    await server?.stop();
  }
}

function report(
  { rows, size, root, agreed, beyond, erasedAgain }: Restored,
  { isSigned, hasKey }: { isSigned: boolean; hasKey: boolean },
): void {
  say(`${rows} rows are restored. The trail has ${size} entries and the root ${root}.`);
  for (const at of agreed)
    say(
      `It agrees with the checkpoint of ${at} entries${isSigned ? ", whose signature holds" : "; its signature was not checked (--log-key)"}.`,
    );
  for (const at of beyond)
    say(
      `It ends before the checkpoint of ${at} entries: what came in between is not in this backup.`,
    );
  if (agreed.length === 0)
    say("No checkpoint was given: that this is the trail others were shown is not proved.");
  if (erasedAgain > 0)
    say(
      `What was erased after the backup is erased again: ${erasedAgain} ${erasedAgain === 1 ? "incident" : "incidents"}.`,
    );
  if (!hasKey)
    say(
      "There is no payload.key in the data folder: put it there before you start, or nothing an incident's entries tell can be read.",
    );
  say("A signer that signed a longer trail than this refuses to go on, as it should.");
}
