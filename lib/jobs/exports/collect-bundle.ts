import { bundleFolder, type BundleFolder } from "#lib/bundle/bundle-folder.ts";
import { readmeText, verifierScript } from "#lib/bundle/verifiers.ts";
import { verifierSource } from "#lib/bundle/verifier-source.ts";
import type { Db } from "#lib/db/prisma.ts";
import {
  claimFiles,
  evidenceOf,
  leavesOf,
  modelRunFiles,
  scopeCondition,
  secondReviewLines,
  signOffLines,
  supportRows,
  type NamedBytes,
  type Rests,
  type SealedLog,
} from "#lib/queries/bundle-content.ts";
import { consistencyLines, heldStamp } from "#lib/queries/bundle-history.ts";
import { logKeysOf } from "#lib/queries/log-keys.ts";
import { trailRows, type TrailRow } from "#lib/queries/trail-rows.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { withheldLine } from "#lib/trail/bundle/entry.ts";
import {
  CHECKPOINT,
  CONSISTENCY,
  CREDENTIALS,
  EVIDENCE,
  LOG_KEY,
  SIGN_OFFS,
  STAMP,
  STAMPED,
  SUPPORT,
  TRAIL,
  proofName,
  type BundleScope,
  type Withheld,
} from "#lib/trail/bundle/manifest.ts";
import { ProofCollector } from "#lib/trail/bundle/proof-collector.ts";
import { proofText } from "#lib/trail/bundle/proof-file.ts";
import { parseCheckpoint } from "#lib/trail/checkpoint.ts";
import { exportLine } from "#lib/trail/line.ts";
import type { ExportKey } from "./export-key.ts";

export type BundleOrder = {
  scope: BundleScope;
  withheld: Withheld;
  /** Who asked, as on the trail. */
  askedBy: string;
  sealed: SealedLog;
  /** The log's verifier key, for whoever has no copy of their own; older ones are found on the trail. */
  logKey: string | null;
  key: ExportKey;
  bytesMax: number;
  /** Told now and then how many entries are written. */
  onProgress?: (entries: number) => void;
  /** Ends it between two entries or proofs; what is written stays for the caller to remove. */
  signal?: AbortSignal;
};

/** A part of the log takes one proof an entry; for more, the whole log is the better bundle. */
export const PART_ENTRIES_MAX = 100_000;
export class TooManyEntries extends Error {
  override name = "TooManyEntries";
}

/** Writes a whole bundle into an empty folder; returns how many entries it holds. */
export async function collectBundle(db: Db, order: BundleOrder, path: string): Promise<number> {
  const folder = bundleFolder(path, order.bytesMax);
  const collecting = new Collecting(order, await namesOf(db, order.withheld));
  const { scope, sealed } = order;
  const rows = trailRows(db, { condition: scopeCondition(scope), end: sealed.size });
  await folder.putLines(TRAIL, collecting.lines(rows));
  await putHistory(db, { order, folder, last: collecting.seqs.at(-1) ?? sealed.size - 1 });
  const support =
    scope.kind === "log" ? [] : await supportRows(db, collecting.rests(), sealed.size);
  await folder.putLines(SUPPORT, collecting.supportLines(support));
  if (scope.kind !== "log") await putProofs(db, { order, folder, seqs: collecting.seqs });
  await folder.put(
    SIGN_OFFS,
    text(
      collecting.hidesWords
        ? []
        : [
            ...(await signOffLines(db, [...collecting.signOffs])),
            ...(await secondReviewLines(db, [...collecting.secondReviews])),
          ],
    ),
  );
  await folder.put(CREDENTIALS, text(collecting.credentials));
  await folder.put(CHECKPOINT, sealed.note);
  const logKeys = await logKeysOf(db, { given: order.logKey, size: sealed.size });
  if (logKeys.length > 0) await folder.put(LOG_KEY, text(logKeys));
  if (scope.kind === "incident") await putIncident(db, { order, folder, collecting });
  await folder.put("README", readmeText(order));
  await folder.put("verify.sh", await verifierScript());
  await folder.put("verify.mjs", await verifierSource());
  const head = parseCheckpoint(sealed.note.slice(0, sealed.note.lastIndexOf("\n\n") + 1));
  await folder.seal(
    {
      askedBy: order.askedBy,
      entries: collecting.entries,
      keyEntry: order.key.entry,
      log: head.origin,
      scope,
      size: sealed.size,
      v: 1,
      withheld: order.withheld,
    },
    order.key,
  );
  return collecting.entries;
}

/** What is learnt of the entries on their way into the file. */
class Collecting {
  entries = 0;
  readonly seqs: number[] = [];
  readonly signOffs = new Set<string>();
  /** By the decision. */
  readonly secondReviews = new Set<string>();
  readonly credentials: string[] = [];
  sealedEvidence = 0;
  readonly #decisions = new Set<string>();
  readonly #proposed = new Set<string>();
  readonly #passkeys = new Set<string>();
  readonly #order: BundleOrder;
  readonly #names: readonly string[];
  readonly #credentialRows = new Map<string, string>();

  constructor(order: BundleOrder, names: readonly string[]) {
    this.#order = order;
    this.#names = names;
  }

  get hidesWords(): boolean {
    return this.#order.withheld.names || this.#order.withheld.payloads;
  }

  async *lines(rows: AsyncIterable<TrailRow>): AsyncGenerator<string> {
    const isPart = this.#order.scope.kind !== "log";
    for await (const row of rows) {
      this.#order.signal?.throwIfAborted();
      this.entries += 1;
      if (isPart && this.entries > PART_ENTRIES_MAX)
        throw new TooManyEntries(`more than ${PART_ENTRIES_MAX} entries`);
      if (isPart) this.seqs.push(row.seq);
      this.#learn(row);
      if (this.entries % 1_000 === 0) this.#order.onProgress?.(this.entries);
      yield this.#lineOf(row);
    }
    if (!isPart) this.credentials.push(...this.#credentialRows.values());
  }

  async *supportLines(rows: readonly TrailRow[]): AsyncGenerator<string> {
    const here = new Set(this.seqs);
    for (const row of rows) {
      if (row.kind === "passkey.enrolled" && row.payload !== null && !this.hidesWords)
        this.credentials.push(credentialOf(row));
      if (here.has(row.seq)) continue;
      this.seqs.push(row.seq);
      yield this.#lineOf(row);
    }
  }

  rests(): Rests {
    const { key, sealed } = this.#order;
    return {
      seqs: new Set([key.entry, sealed.size - 1]),
      decisions: new Set([...this.#decisions].filter((id) => !this.#proposed.has(id))),
      passkeys: this.#passkeys,
    };
  }

  #learn({ kind, payload, ...row }: TrailRow): void {
    if (
      !/^(?:decision\.(?:proposed|signed|rejected|second_reviewed)|passkey\.enrolled|evidence\.sealed|incident\.merged)$/.test(
        kind,
      )
    )
      return;
    if (payload === null) return;
    const told = JSON.parse(payload) as Record<string, unknown>;
    if (kind === "evidence.sealed") this.sealedEvidence = Number(told["evidenceCount"]);
    else if (kind === "incident.merged") {
      const { scope } = this.#order;
      if (scope.kind === "incident" && told["fromId"] === scope.incident) this.sealedEvidence = 0;
    } else if (kind === "decision.proposed") this.#proposed.add(String(told["decision"]));
    else if (kind === "passkey.enrolled")
      this.#credentialRows.set(
        String(told["passkey"]),
        credentialOf({ line: row.line, seq: row.seq, payload }),
      );
    else {
      this.#decisions.add(String(told["decision"]));
      if (kind === "decision.second_reviewed") this.secondReviews.add(String(told["decision"]));
      else this.signOffs.add(String(told["signOff"]));
      if (typeof told["passkey"] === "string") this.#passkeys.add(told["passkey"]);
    }
  }

  #lineOf(row: TrailRow): string {
    const { payloads, names } = this.#order.withheld;
    const isKey = row.seq === this.#order.key.entry;
    if (row.payload === null) return withheldLine(row);
    const told = row.payload.toLowerCase();
    const isLeftOut =
      !isKey && (payloads || (names && this.#names.some((name) => told.includes(name))));
    const { line, leaf, payload, salt } = row;
    return isLeftOut ? withheldLine(row) : exportLine({ line, leaf, payload, salt });
  }
}

type Enrolled = { seq: number; line: string; payload: string };

function credentialOf({ seq, line, payload }: Enrolled): string {
  const { passkey, credential, publicKey } = JSON.parse(payload) as Record<string, unknown>;
  const { actor } = JSON.parse(line) as { actor: string };
  return canonicalJson({ credential, enrolledBy: seq, passkey, person: actor, publicKey });
}

/** Every name and address of a person, in lower case as JSON writes it; only when they are to be left out. */
async function namesOf(db: Db, { names }: Withheld): Promise<string[]> {
  if (!names) return [];
  const people = await db.person.findMany({ select: { name: true, email: true } });
  return people
    .flatMap(({ name, email }) => [name, email])
    .map((name) => JSON.stringify(name).slice(1, -1).toLowerCase())
    .filter((name) => name !== "");
}

type Putting = { order: BundleOrder; folder: BundleFolder };

async function putProofs(
  db: Db,
  { order: { sealed, signal }, folder, seqs }: Putting & { seqs: readonly number[] },
): Promise<void> {
  const collector = new ProofCollector(sealed.size, seqs);
  for await (const leaf of leavesOf(db, sealed.size)) collector.append(leaf);
  for (const index of seqs) {
    signal?.throwIfAborted();
    await folder.put(
      proofName(index),
      proofText({ index, proof: collector.proof(index), checkpoint: sealed.note }),
    );
  }
}

/** What ties the log to what others hold of it: proofs from earlier checkpoints, and a time stamp. */
async function putHistory(
  db: Db,
  { order: { scope, sealed }, folder, last }: Putting & { last: number },
): Promise<void> {
  const stamp = await heldStamp(db, { size: sealed.size, last });
  if (stamp) {
    await folder.put(STAMP, stamp.token);
    await folder.put(STAMPED, stamp.note);
  }
  if (scope.kind === "log") return;
  const also = stamp ? [stamp.size] : [];
  await folder.putLines(CONSISTENCY, consistencyLines(db, { size: sealed.size, also }));
}

async function putIncident(
  db: Db,
  { order, folder, collecting }: Putting & { collecting: Collecting },
): Promise<void> {
  if (order.scope.kind !== "incident") return;
  const incidentId = order.scope.incident;
  const items: string[] = [];
  const evidence = evidenceOf(db, { incidentId, count: collecting.sealedEvidence });
  for await (const { id, position, sha256, raw } of evidence) {
    items.push(canonicalJson({ id, position, sha256 }));
    const name = `evidence/${sha256}`;
    if (!order.withheld.evidence && !folder.has(name)) await folder.put(name, raw);
  }
  await folder.put(EVIDENCE, text(items));
  if (!collecting.hidesWords) await putFiles(folder, claimFiles(db, incidentId));
  if (!collecting.hidesWords && !order.withheld.evidence)
    await putFiles(folder, modelRunFiles(db, incidentId));
}

async function putFiles(folder: BundleFolder, files: AsyncIterable<NamedBytes>): Promise<void> {
  for await (const { name, bytes } of files) await folder.put(name, bytes);
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
