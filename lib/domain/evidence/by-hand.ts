/** What a person may add to an incident themselves, and how much of it. */
import type { HandFormat } from "./record.ts";

export const HAND_WAYS = ["paste", "file", "email"] as const;
export type HandWay = (typeof HAND_WAYS)[number];

const MIB = 1024 * 1024;

/** Bytes of one addition. */
export const HAND_BYTES_MAX: Record<HandWay, number> = {
  paste: MIB,
  file: 10 * MIB,
  email: 10 * MIB,
};

/** What may stand in one incident by hand, all together: its records are read whole when it is summarised. */
export const HAND_RECORDS_MAX = 200;
export const HAND_TOTAL_BYTES_MAX = 100 * MIB;

/** UTF-16 units of a name that is given to an addition. */
export const HAND_NAME_MAX = 200;

export const HAND_FORMAT: Record<HandWay, HandFormat> = {
  paste: "hand-paste",
  file: "hand-file",
  email: "hand-email",
};

/** What somebody calls an incident that they open themselves. */
export const INCIDENT_CATEGORIES = [
  "phishing",
  "malware",
  "account_compromise",
  "data_exposure",
  "intrusion",
  "denial_of_service",
  "insider",
  "lost_device",
  "policy_violation",
  "other",
] as const;
export type IncidentCategory = (typeof INCIDENT_CATEGORIES)[number];

export const CATEGORY_WORDS: Record<IncidentCategory, string> = {
  phishing: "Phishing",
  malware: "Malware",
  account_compromise: "Compromised account",
  data_exposure: "Data exposure",
  intrusion: "Intrusion",
  denial_of_service: "Denial of service",
  insider: "Insider",
  lost_device: "Lost or stolen device",
  policy_violation: "Policy violation",
  other: "Other",
};

/** Whether a record was added by a person and not sent by a source. */
export function isByHand(format: string): boolean {
  return format.startsWith("hand-");
}

/** `10 MB`, `512 KB`, `1 byte`: how big an addition is. */
export function sizeWords(bytes: number): string {
  if (bytes === 1) return "1 byte";
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < MIB) return `${Math.round(bytes / 1024)} KB`;
  const size = bytes / MIB;
  return `${Number.isInteger(size) ? size : size.toFixed(1)} MB`;
}

const SOURCE_OF_PERSON = "By hand: ";

/** What the source of a person's own additions is called; no other source's name begins so, by a constraint. */
export function handSourceName(person: string): string {
  return `${SOURCE_OF_PERSON}${person}`;
}

/** Whose additions a source of this name holds; null for every other source. */
export function handPerson(source: string): string | null {
  return source.startsWith(SOURCE_OF_PERSON) ? source.slice(SOURCE_OF_PERSON.length) : null;
}
