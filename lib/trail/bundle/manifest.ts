import { canonicalJson } from "../canonical.ts";

/**
 * What a bundle holds of the log. `period` counts entries: from the first to the last, both included. `model` and
 * `prompt` (name/version) are what the entry is by or about.
 */
export type BundleScope =
  | { kind: "log" }
  | { kind: "incident"; incident: string; number: number }
  | { kind: "period"; from: number; to: number }
  | { kind: "person"; person: string }
  | { kind: "model"; model: string }
  | { kind: "prompt"; prompt: string };

/** What was left out on purpose; what is left out otherwise is a fault. */
export type Withheld = { evidence: boolean; names: boolean; payloads: boolean };

/** The predicate of the manifest, an in-toto Statement v1 whose subjects are the files. */
export type BundlePredicate = {
  /** Who asked, as on the trail. */
  askedBy: string;
  entries: number;
  /** The entry `export.key_published` that put the key of this manifest on the trail. */
  keyEntry: number;
  /** The log's name, and how many of its entries the checkpoint covers. */
  log: string;
  scope: BundleScope;
  size: number;
  v: 1;
  withheld: Withheld;
};

export type BundleFile = { name: string; sha256: string };
export type Manifest = { files: BundleFile[]; predicate: BundlePredicate };

const STATEMENT = "https://in-toto.io/Statement/v1";
export const PREDICATE = "urn:countersign:bundle:v1";

/** What a bundle always holds; `SHA256SUMS` names all but itself, the manifest all but these two. */
export const SUMS = "SHA256SUMS";
export const MANIFEST = "manifest.dsse.json";
export const TRAIL = "trail.jsonl";
export const SUPPORT = "support.jsonl";
export const CHECKPOINT = "checkpoint";
export const LOG_KEY = "log.key.pub";
export const SIGN_OFFS = "signoffs.jsonl";
export const CREDENTIALS = "credentials.jsonl";
/** Proofs from earlier checkpoints, in a part of the log. */
export const CONSISTENCY = "consistency.jsonl";
/** An RFC 3161 response, and the note that it is over. */
export const STAMP = "timestamp.tsr";
export const STAMPED = "timestamp.checkpoint";
export const EVIDENCE = "evidence.jsonl";

/** The kind of entry that puts the public half of an export key on the trail, and the login that must have written it. */
export const KEY_KIND = "export.key_published";
export const KEY_ROLE = "countersign_worker";

export function proofName(seq: number): string {
  return `proofs/${seq}.tlog-proof`;
}

export function manifestText({ files, predicate }: Manifest): string {
  return canonicalJson({
    _type: STATEMENT,
    predicate,
    predicateType: PREDICATE,
    subject: files.map(({ name, sha256 }) => ({ digest: { sha256 }, name })),
  });
}

/** Reads a manifest; null when it is no canonical statement of ours, in every field. Its signature is another question. */
export function parseManifest(text: string): Manifest | null {
  try {
    const value = JSON.parse(text) as {
      predicate: unknown;
      subject: { digest: { sha256: string }; name: string }[];
    };
    if (!isPredicate(value.predicate)) return null;
    const files = value.subject.map(({ digest, name }) => ({ name, sha256: digest.sha256 }));
    const manifest = { files, predicate: value.predicate };
    return manifestText(manifest) === text ? manifest : null;
  } catch {
    return null;
  }
}

/** What is read of a manifest before its signature was checked may be anything. */
function isPredicate(value: unknown): value is BundlePredicate {
  if (!isRecord(value)) return false;
  const { askedBy, log, entries, keyEntry, size, scope, v, withheld } = value;
  return (
    v === 1 &&
    [askedBy, log].every((each) => typeof each === "string") &&
    [entries, keyEntry, size].every(isCount) &&
    isRecord(scope) &&
    isScope(scope) &&
    isRecord(withheld) &&
    [withheld["evidence"], withheld["names"], withheld["payloads"]].every(
      (each) => typeof each === "boolean",
    )
  );
}

function isScope(scope: Record<string, unknown>): boolean {
  switch (scope["kind"]) {
    case "log":
      return true;
    case "incident":
      return typeof scope["incident"] === "string" && isCount(scope["number"]);
    case "period":
      return isCount(scope["from"]) && isCount(scope["to"]);
    case "person":
    case "model":
    case "prompt":
      return typeof scope[scope["kind"]] === "string";
    default:
      return false;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** `<64 hex digits>  <name>`, a line each, as sha256sum reads it. */
export function sumsText(files: readonly BundleFile[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join("");
}

const SUM_LINE = /^([0-9a-f]{64}) {2}([A-Za-z0-9][A-Za-z0-9._/-]*)$/;

/** Null when the text is not exactly what `sumsText` writes of some files, each once. */
export function parseSums(text: string): BundleFile[] | null {
  if (!text.endsWith("\n")) return null;
  const files: BundleFile[] = [];
  for (const line of text.slice(0, -1).split("\n")) {
    const [, sha256, name] = SUM_LINE.exec(line) ?? [];
    if (!sha256 || !name || name.split("/").includes("..")) return null;
    files.push({ name, sha256 });
  }
  return new Set(files.map(({ name }) => name)).size === files.length ? files : null;
}
