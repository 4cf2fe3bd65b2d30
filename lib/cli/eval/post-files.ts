/** Files through `POST /api/alerts`, each as an incident of its own, and what was answered. */
import { Readable } from "node:stream";
import type { SampleFile } from "./sample-files.ts";

export type Answer = {
  accepted: number;
  duplicates: number;
  rejected: { index: number; reason: string }[];
  rejectedMore?: number;
  /** A whole request that was refused: the problem's detail. */
  refused: string | null;
  ms: number;
};
export type Posted = { file: SampleFile; answer: Answer };

const CHUNK = 64 * 1024;

/** Sends one file as its sender would: NDJSON as a stream, gzip as gzip. Throws when the answer is a failure (5xx). */
export async function postFile(url: string, token: string, file: SampleFile): Promise<Answer> {
  const lines = file.container === "lines";
  const startedAt = performance.now();
  const response = await fetch(`${url}/api/alerts?incident=${encodeURIComponent(file.path)}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": lines ? "application/x-ndjson" : "application/json",
      ...(file.gzip ? { "content-encoding": "gzip" } : {}),
    },
    ...(lines
      ? { body: Readable.toWeb(Readable.from(chunks(file.stored))), duplex: "half" as const }
      : { body: new Uint8Array(file.stored) }),
  } as RequestInit);
  const ms = performance.now() - startedAt;
  const body = (await response.json()) as Partial<Answer> & { detail?: string };
  if (response.status === 202) return { ...(body as Answer), refused: null, ms };
  if (response.status >= 500)
    throw new Error(`${file.path}: ${response.status} ${JSON.stringify(body)}`);
  return {
    accepted: 0,
    duplicates: 0,
    rejected: [],
    refused: `${response.status} ${body.detail ?? ""}`,
    ms,
  };
}

/**
 * Nothing is lost: every record of the file was accepted, known before, or refused. An empty file is refused as
 * one; of a broken one also what stands between its records, brackets that belong to none, is refused piece by piece.
 */
export function isAccountedFor({ file, answer }: Posted): boolean {
  const taken = answer.accepted + answer.duplicates;
  const all = taken + answer.rejected.length + (answer.rejectedMore ?? 0);
  if (file.bytes.length === 0) return taken === 0 && all <= 1;
  if (file.broken) return taken <= file.records && all >= file.records;
  return all === file.records;
}

/** Every refusal says why in words, and a request is refused whole only when it holds no record. */
export function isExplained({ file, answer }: Posted): boolean {
  const isSentence = (text: string) => /\p{L}{3,}.*\s/u.test(text);
  if (answer.refused !== null) return file.records === 0 && isSentence(answer.refused);
  return answer.rejected.every(({ reason }) => isSentence(reason));
}

function* chunks(bytes: Buffer): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}
