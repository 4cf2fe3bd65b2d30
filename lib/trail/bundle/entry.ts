import { canonicalJson } from "../canonical.ts";
import {
  leafOfLine,
  parseExportLine,
  parseLine,
  payloadCommitment,
  type TrailLine,
} from "../line.ts";
import type { Hash } from "../tree.ts";
import { BundleFault } from "./faults.ts";

/** An entry as a bundle holds it. `payload` null: left out; its line and its leaf stand all the same. */
export type BundleEntry = {
  entry: TrailLine;
  leaf: Hash;
  /** The same in hex. */
  leafHex: string;
  payload: string | null;
  /** Whether the payload, where there is one, is the one that the line commits to. */
  isPayloadTrue: boolean;
};

/** Of any other length, bytes could be moved between salt and payload and both would still lead to the commitment. */
const SALT_DIGITS = 64;

/** The text of one line of a bundle's trail whose payload is left out. */
export function withheldLine({ leaf, line }: { leaf: string; line: string }): string {
  return canonicalJson({ leaf, line, payload: null, salt: null });
}

/** Reads one line and checks it by itself. Throws BundleFault when its form or its leaf does not hold. */
export function readEntry(text: string, place: string): BundleEntry {
  const { line, leaf, payload, salt } = exported(text, place);
  const parsed = parseLine(line);
  if (!parsed.ok) throw new BundleFault("line", `${place}: ${parsed.reason}`);
  const entry = parsed.value;
  if (leafOfLine(line) !== leaf)
    throw new BundleFault("line", `entry ${entry.seq}: its line does not hash to its leaf`);
  // Canonical JSON is one line; a reader that cuts by lines must find the same payload.
  if (holdsLineEnd(line) || (payload !== null && holdsLineEnd(payload)))
    throw new BundleFault("line", `${place}: it is not one line`);
  if (salt !== null && salt.length !== SALT_DIGITS)
    throw new BundleFault("payload", `entry ${entry.seq}: its salt has not 32 bytes`);
  const isPayloadTrue =
    payload === null || salt === null || payloadCommitment(salt, payload) === entry.payload;
  return { entry, leaf: Buffer.from(leaf, "hex"), leafHex: leaf, payload, isPayloadTrue };
}

function holdsLineEnd(text: string): boolean {
  return text.includes("\n") || text.includes("\0");
}

type Exported = { line: string; leaf: string; payload: string | null; salt: string | null };

function exported(text: string, place: string): Exported {
  const whole = parseExportLine(text);
  if (whole.ok) {
    if ("erasedBy" in whole.value)
      throw new BundleFault("line", `${place}: not as an entry stands in a bundle`);
    return whole.value;
  }
  const bare = WITHHELD.test(text) ? parseExportLine(text.replace(WITHHELD, FILLED)) : whole;
  if (!bare.ok) throw new BundleFault("line", `${place}: ${bare.reason}`);
  const { line, leaf } = bare.value;
  return { line, leaf, payload: null, salt: null };
}

/** Canonical form puts these two last. */
const WITHHELD = /,"payload":null,"salt":null\}$/;
const FILLED = ',"payload":"","salt":"00"}';

/** What an entry tells, as an object; empty when it is no JSON object or left out. */
export function payloadOf({ payload }: BundleEntry): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(payload ?? "null");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
