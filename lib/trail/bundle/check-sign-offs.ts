import { createPublicKey, verify } from "node:crypto";
import { sha256 } from "../tree.ts";
import { payloadOf, type BundleEntry } from "./entry.ts";
import { BundleFault, NotChecked } from "./faults.ts";
import { recordsOf, type BundleFiles } from "./files.ts";
import { SIGN_OFFS } from "./manifest.ts";
import type { EntriesRead } from "./read-entries.ts";

type Told = Record<string, unknown>;
type Facts = {
  /** The statement of each decision, as its proposal put it on the trail. */
  statements: Map<unknown, string>;
  passkeys: Map<unknown, { seq: number; actor: string; told: Told }>;
  signatures: Signature[];
};
/** An entry that tells of a signature, and which record of the file holds the assertion. */
type Signature = { read: BundleEntry; told: Told; record: string };
export type SignOffCount = { passkeys: number; passwords: number; withheld: number };

/** bit 0: the person was present; bit 2: the authenticator verified who it was (WebAuthn 3, 6.1). */
const VERIFIED = 5;
const FLAGS_AT = 32;

/**
 * Every signature by passkey in the scope, checked again under the key that an earlier entry enrolled: of a decision over
 * the statement that its proposal put on the trail, of a second review over its own, which must say what the entry says.
 * The database's word is not taken for anything.
 */
export async function checkSignOffs(
  files: BundleFiles,
  { read, isWithheld }: { read: EntriesRead; isWithheld: boolean },
): Promise<SignOffCount> {
  const facts = factsOf(read);
  const given = new Map<unknown, Told>();
  for await (const record of recordsOf(files, SIGN_OFFS)) given.set(nameOf(record), record);
  const count: SignOffCount = { passkeys: 0, passwords: 0, withheld: 0 };
  for (const signature of facts.signatures) {
    const { read, told, record } = signature;
    if (read.payload === null || (isWithheld && !given.has(record))) count.withheld += 1;
    else if (told["assurance"] !== "passkey") count.passwords += 1;
    else {
      checkOne(signature, given.get(record), facts);
      count.passkeys += 1;
    }
  }
  if (facts.signatures.length === 0) throw new NotChecked("no decision was signed in this scope");
  return count;
}

function factsOf({ kept, outside }: EntriesRead): Facts {
  const facts: Facts = { statements: new Map(), passkeys: new Map(), signatures: [] };
  for (const [seq, read] of kept) {
    const told = payloadOf(read);
    const { kind, actor } = read.entry;
    if (kind === "decision.proposed" && typeof told["statement"] === "string")
      facts.statements.set(told["decision"], told["statement"]);
    if (kind === "passkey.enrolled") facts.passkeys.set(told["passkey"], { seq, actor, told });
    // The last entry that the checkpoint covers may be a signature that is none of this bundle's.
    if (outside.has(seq)) continue;
    if (kind === "decision.signed" || kind === "decision.rejected")
      facts.signatures.push({ read, told, record: nameOf(told) });
    // One from before they were signed has no assurance.
    if (
      kind === SECOND_REVIEWED &&
      (read.payload === null || typeof told["assurance"] === "string")
    )
      facts.signatures.push({ read, told, record: nameOf({ secondReview: told["decision"] }) });
  }
  return facts;
}

const SECOND_REVIEWED = "decision.second_reviewed";

function nameOf(told: Told): string {
  return "secondReview" in told
    ? `second review of ${String(told["secondReview"])}`
    : `sign-off ${String(told["signOff"])}`;
}

/** What was signed, with the digest that the entry tells of it; why not, in a word, where it is not there. */
function statementOf(
  { read: { entry }, told }: Signature,
  given: Told,
  facts: Facts,
): { text: string; sha256: unknown } | string {
  if (entry.kind !== SECOND_REVIEWED) {
    const text = facts.statements.get(told["decision"]);
    return text === undefined
      ? "the statement that was signed is not in the bundle"
      : { text, sha256: told["statementSha256"] };
  }
  const text = given["statement"];
  if (typeof text !== "string") return "the statement that was signed is not in the bundle";
  const says = objectIn(text);
  const isOfEntry =
    says["act"] === "give_second_review" &&
    says["decision"] === told["decision"] &&
    says["decisionStatementSha256"] === told["statementSha256"] &&
    says["outcome"] === told["outcome"] &&
    says["words"] === told["words"] &&
    `person:${String(says["person"])}` === entry.actor;
  return isOfEntry
    ? { text, sha256: told["reviewSha256"] }
    : "the statement says something else than the entry";
}

function objectIn(text: string): Told {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Told) : {};
  } catch {
    return {};
  }
}

function checkOne(signed: Signature, given: Told | undefined, facts: Facts): void {
  const { told } = signed;
  const { entry } = signed.read;
  const refuse = (why: string): never => {
    throw new BundleFault("sign_off", `entry ${entry.seq}: ${why}`);
  };
  if (!given) return refuse("the assertion is not in the bundle");
  const statement = statementOf(signed, given, facts);
  if (typeof statement === "string") return refuse(statement);
  const digest = sha256(statement.text);
  if (digest.toString("hex") !== statement.sha256) refuse("another statement was signed");
  const [data, client, signature] = ["authenticatorData", "clientDataJson", "signature"].map(
    (part) => Buffer.from(String(given[part]), "base64"),
  ) as [Buffer, Buffer, Buffer];
  const isAsRecorded =
    sha256(data).toString("hex") === told["authenticatorDataSha256"] &&
    sha256(client).toString("hex") === told["clientDataSha256"] &&
    sha256(signature).toString("hex") === told["signatureSha256"];
  if (!isAsRecorded) refuse("the assertion is not the one that was recorded");
  if (challengeIn(client) !== digest.toString("base64url"))
    refuse("the passkey signed another statement");
  if (((data[FLAGS_AT] ?? 0) & VERIFIED) !== VERIFIED)
    refuse("the passkey did not verify the person");
  const passkey = facts.passkeys.get(told["passkey"]);
  if (!passkey) return refuse("the passkey's enrolment is not in the bundle");
  if (passkey.actor !== entry.actor) refuse("the passkey is another person's");
  if (passkey.seq >= entry.seq) refuse("the passkey was enrolled after it had signed");
  if (!holds(String(passkey.told["publicKey"]), { data, client, signature }))
    refuse("the signature does not verify");
}

type Assertion = { data: Buffer; client: Buffer; signature: Buffer };

function holds(publicKeyHex: string, { data, client, signature }: Assertion): boolean {
  try {
    const der = Buffer.from(publicKeyHex, "hex");
    const key = createPublicKey({ key: der, type: "spki", format: "der" });
    const algorithm = key.asymmetricKeyType === "ed25519" ? null : "sha256";
    return verify(algorithm, Buffer.concat([data, sha256(client)]), key, signature);
  } catch {
    return false;
  }
}

function challengeIn(client: Buffer): string | null {
  try {
    const { type, challenge } = JSON.parse(client.toString("utf8")) as Record<string, unknown>;
    return type === "webauthn.get" && typeof challenge === "string" ? challenge : null;
  } catch {
    return null;
  }
}
