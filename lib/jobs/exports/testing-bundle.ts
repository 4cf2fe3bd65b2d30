import { execFile } from "node:child_process";
import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { addSource, ingest, at } from "#lib/commands/ingest-fixtures.ts";
import { propose, sign as signByPassword } from "#lib/db/testing-gate.ts";
import { enrolForTest, setTestParty, signByPasskey } from "#lib/db/testing-passkeys.ts";
import { makePerson } from "#lib/db/testing-people.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { appendTrail, transact } from "#lib/db/transaction.ts";
import { pgTrailLog } from "#lib/db/trail-log.ts";
import { newestCheckpoint } from "#lib/queries/bundle-content.ts";
import { loadOrCreateKey } from "#lib/signing/keys.ts";
import { openSigner, type SignerStep } from "#lib/signing/signer.ts";
import { verifierKey } from "#lib/trail/checkpoint.ts";
import type { BundleScope, Withheld } from "#lib/trail/bundle/manifest.ts";
import { sha256 } from "#lib/trail/tree.ts";
import { collectBundle } from "./collect-bundle.ts";
import { exportKey, type ExportKey } from "./export-key.ts";
import { NOBODY } from "#lib/db/acting.ts";

const ORGANISATION = "test";
export const ORIGIN = `countersign/${ORGANISATION}/trail`;
const WITNESS = "witness.example/w1";

/** A desk with one decided incident, its log, and everything that bundles of it are made and checked with. */
export type SealedTrail = {
  db: TestDatabase;
  /** A folder of its own, gone with `close`. */
  place: string;
  incident: { id: string; number: number };
  people: { ana: string; lea: string };
  key: ExportKey;
  logKey: KeyObject;
  logKeyFile: string;
  /** Signs what there is. */
  seal: () => Promise<SignerStep>;
  append: (count: number) => Promise<void>;
  /** Writes a bundle into a new folder and returns its path. */
  bundle: (scope?: BundleScope, withheld?: Partial<Withheld>) => Promise<string>;
  close: () => Promise<void>;
};

const NOTHING: Withheld = { evidence: false, names: false, payloads: false };

export async function sealedTrail(db: TestDatabase): Promise<SealedTrail> {
  const place = await mkdtemp(join(tmpdir(), "sealed-trail-"));
  const logKeyPath = join(place, "log.key");
  const logKey = await loadOrCreateKey(logKeyPath, ORIGIN);
  const [ana, lea] = await Promise.all([
    makePerson(db, "analyst", "Ana"),
    makePerson(db, "lead", "Lea"),
  ]);
  const incident = await decidedIncident(db, { ana, lea });
  const key = await exportKey(db.worker, { directory: place, organisation: ORGANISATION });
  await appendEntries(db, 4);
  const signer = await openSigner({
    log: pgTrailLog(db.pools.signer),
    key: logKey,
    origin: ORIGIN,
    statePath: join(place, "signed.json"),
    signEveryEntries: 1,
  });
  const seal = () => signer.step();
  await seal();
  return {
    ...{ db, place, incident, key, logKey, seal },
    people: { ana: ana.id, lea: lea.id },
    logKeyFile: `${logKeyPath}.pub`,
    append: (count) => appendEntries(db, count),
    async bundle(
      scope = { kind: "incident", incident: incident.id, number: incident.number },
      withheld = {},
    ) {
      const folder = await mkdtemp(join(place, "bundle-"));
      const sealed = await newestCheckpoint(db.worker);
      if (!sealed) throw new Error("nothing is sealed");
      const order = { scope, sealed, key, askedBy: `person:${lea.id}`, bytesMax: 2 ** 32 };
      const text = verifierKey({ name: ORIGIN, key: logKey });
      await collectBundle(
        db.worker,
        { ...order, withheld: { ...NOTHING, ...withheld }, logKey: text },
        folder,
      );
      return folder;
    },
    close: () => rm(place, { recursive: true, force: true }),
  };
}

type People = Record<"ana" | "lea", Awaited<ReturnType<typeof makePerson>>>;

/** Three records, one proposal, signed by passkey or, for the second decision, by password. */
async function decidedIncident(db: TestDatabase, { ana, lea }: People) {
  await setTestParty(db);
  const passkey = await enrolForTest(db.pools.web, { person: lea });
  const source = await addSource(db.owner);
  const records = ["02:14:07", "02:15:00", "02:16:30"].map((time, n) => ({
    recordId: `r${n}`,
    time: at(time),
    title: `Record ${n} \u007f\u2028 "quoted"`,
  }));
  await ingest(db.web, source, records, "night");
  const { id: incidentId, number } = await db.web.incident.findFirstOrThrow();
  const escalation = await propose(db.pools.web, { incidentId, proposer: ana, kind: "escalation" });
  await signByPasskey(db.pools.verifier, escalation, { person: lea, passkey });
  const containment = await propose(db.pools.web, {
    incidentId,
    proposer: ana,
    kind: "containment",
  });
  await signByPassword(db.pools.web, containment, { person: lea });
  return { id: incidentId, number };
}

async function appendEntries(db: TestDatabase, count: number): Promise<void> {
  await transact(db.web, NOBODY, async (tx) => {
    for (let n = 0; n < count; n += 1)
      await appendTrail(tx, {
        kind: "note.added",
        actor: "system:test",
        incidentId: null,
        payload: { n, words: "é \u007f \u2028 of an entry" },
      });
  });
}

export type Witness = { keyFile: string; cosign: (note: string) => string };

/** A witness with a key of its own, that cosigns whatever it is shown. */
export async function testWitness(place: string, time: number): Promise<Witness> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
  const id = sha256(`${WITNESS}\n`, Buffer.of(4), raw).subarray(0, 4);
  const keyFile = join(place, "witness.pub");
  const encoded = Buffer.concat([Buffer.of(4), raw]).toString("base64");
  await writeFile(keyFile, `${WITNESS}+${id.toString("hex")}+${encoded}\n`);
  return {
    keyFile,
    cosign(note) {
      const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
      const signature = sign(
        null,
        Buffer.from(`cosignature/v1\ntime ${time}\n${text}`),
        privateKey,
      );
      const at8 = Buffer.alloc(8);
      at8.writeBigUInt64BE(BigInt(time));
      return `${note}\u2014 ${WITNESS} ${Buffer.concat([id, at8, signature]).toString("base64")}\n`;
    },
  };
}

/** A key of the log's name that is not the log's. */
export async function strangersKeyFile(place: string): Promise<string> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const file = join(place, "stranger.pub");
  await writeFile(file, `${verifierKey({ name: ORIGIN, key: privateKey })}\n`);
  return file;
}

/** A copy of a bundle, changed. */
export async function altered(
  folder: string,
  change: (copy: string) => Promise<unknown>,
): Promise<string> {
  const copy = await mkdtemp(`${folder}-`);
  await cp(folder, copy, { recursive: true });
  await change(copy);
  return copy;
}

export async function editFile(
  folder: string,
  name: string,
  edit: (text: string) => string,
): Promise<void> {
  const before = await readFile(join(folder, name), "utf8");
  const after = edit(before);
  if (after === before) throw new Error(`${name} was not changed`);
  await writeFile(join(folder, name), after);
}

/** Writes `SHA256SUMS` and the manifest anew over what lies there, as one could who holds the export key. */
export async function resealed(folder: string, key: ExportKey): Promise<void> {
  const { folderFiles } = await import("#lib/bundle/open-bundle.ts");
  const { digestOf } = await import("#lib/trail/bundle/files.ts");
  const { parseEnvelope, sealEnvelope } = await import("#lib/trail/bundle/dsse.ts");
  const manifest = await import("#lib/trail/bundle/manifest.ts");
  const files = folderFiles(folder);
  const { MANIFEST, SUMS } = manifest;
  const names = (await files.names()).filter((name) => name !== SUMS && name !== MANIFEST);
  const listed = await Promise.all(
    names.toSorted().map(async (name) => ({ name, sha256: await digestOf(files, name) })),
  );
  const envelope = parseEnvelope(await readFile(join(folder, MANIFEST), "utf8"));
  const { predicate } = manifest.parseManifest(envelope!.body.toString("utf8"))!;
  const body = manifest.manifestText({ files: listed, predicate });
  await writeFile(join(folder, MANIFEST), sealEnvelope(body, key.key, ""));
  const whole = [...listed, { name: MANIFEST, sha256: await digestOf(files, MANIFEST) }];
  await writeFile(
    join(folder, SUMS),
    manifest.sumsText(whole.toSorted((a, b) => (a.name < b.name ? -1 : 1))),
  );
}

export type Verdict = { exit: number; output: string };

/** The verifier that lies in the bundle, by bare Node or by sh, as a process of its own. */
export async function verifyBy(
  tool: "node" | "sh",
  folder: string,
  args: string[] = [],
  source: string = folder,
): Promise<Verdict> {
  const command = tool === "node" ? process.execPath : "sh";
  const script = join(source, tool === "node" ? "verify.mjs" : "verify.sh");
  try {
    const { stdout } = await promisify(execFile)(command, [script, folder, ...args]);
    return { exit: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exit: code, output: `${stdout}${stderr}` };
  }
}
