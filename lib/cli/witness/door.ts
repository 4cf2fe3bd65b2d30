import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Witness, WitnessAnswer } from "#lib/signing/witness.ts";

/** A checkpoint with sixteen signatures and a proof of 63 steps fits four times. */
const BODY_BYTES_MAX = 32_768;
const REQUEST_MS_MAX = 10_000;
const CONNECTIONS_MAX = 64;

export type Tell = (status: number, words: string) => void;

/**
 * The witness's one door (C2SP tlog-witness): `POST /add-checkpoint`, text in and text out. Who knocks is not asked:
 * the checkpoint's own signature is the proof. The caller listens.
 */
export function witnessServer(witness: Witness, tell: Tell): Server {
  const server = createServer((request, response) => {
    void answer(witness, request, response, tell);
  });
  server.requestTimeout = REQUEST_MS_MAX;
  server.headersTimeout = REQUEST_MS_MAX;
  server.maxHeadersCount = 50;
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

type DoorAnswer = Omit<WitnessAnswer, "status"> & { status: number };

async function answer(
  witness: Witness,
  request: IncomingMessage,
  response: ServerResponse,
  tell: Tell,
): Promise<void> {
  const { status, body, contentType } = await route(witness, request).catch((error: unknown) =>
    plain(500, `the witness could not do it: ${(error as Error).message}`),
  );
  tell(status, body);
  response.writeHead(status, {
    "content-type": contentType,
    "cache-control": "no-store",
    // what was not read of a body that is too large must not be taken for the next request
    ...(status === 413 ? { connection: "close" } : {}),
  });
  // what a disk said is for the witness's own log
  response.end(status === 500 ? "the witness could not do it\n" : body);
}

async function route(witness: Witness, request: IncomingMessage): Promise<DoorAnswer> {
  if (request.url !== "/add-checkpoint") return plain(404, "no such door");
  if (request.method !== "POST") return plain(405, "POST a checkpoint here");
  const body = await readBody(request);
  if (body === null) return plain(413, `at most ${BODY_BYTES_MAX} bytes`);
  return witness.add(body);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_BYTES_MAX) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function plain(status: number, words: string): DoorAnswer {
  return { status, body: `${words}\n`, contentType: "text/plain" };
}
