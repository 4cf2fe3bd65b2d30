import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { signWithPasskey } from "#lib/commands/sign-with-passkey.ts";
import { giveSecondReviewWithPasskey } from "#lib/commands/give-second-review-with-passkey.ts";
import { verifierInput } from "#lib/contracts/passkey-inputs.ts";
import { reviewVerifierInput } from "#lib/contracts/second-review-inputs.ts";
import type { Db } from "#lib/db/prisma.ts";
import { isProblem, notFound, Problem } from "#lib/domain/problem.ts";
import type { RelyingParty } from "#lib/signing/relying-party.ts";

const BODY_BYTES_MAX = 32_768;
const REQUEST_MS_MAX = 10_000;

type Context = { db: Db; party: RelyingParty; log: Pick<Logger, "info" | "warn" | "error"> };

/**
 * The verifier's door, for this machine: `POST /sign-offs` with an assertion (`verifierInput`), `POST /second-reviews` with
 * one over a second review (`reviewVerifierInput`). 200 with what the gate answered, else problem details (RFC 9457). Whoever knocks is not asked who they are: the assertion is the proof.
 * `GET /health` answers 200 while the database does. The caller listens, on loopback only.
 */
export function verifierServer(context: Context): Server {
  const server = createServer((request, response) => {
    void answer(context, request, response);
  });
  server.requestTimeout = REQUEST_MS_MAX;
  server.headersTimeout = REQUEST_MS_MAX;
  server.maxHeadersCount = 50;
  return server;
}

async function answer(context: Context, request: IncomingMessage, response: ServerResponse) {
  try {
    send(response, 200, await route(context, request));
  } catch (error) {
    const problem = isProblem(error) ? error : null;
    if (problem === null) context.log.error({ err: error }, "a signature could not be verified");
    else context.log.warn({ code: problem.code, reason: problem.message }, "refused");
    const { status, code, publicMessage } = problem ?? INTERNAL;
    const { guard } = (problem?.details ?? {}) as { guard?: string };
    send(response, status, { status, code, detail: publicMessage, guard });
  }
}

const INTERNAL = {
  status: 500,
  code: "internal",
  // A commit whose answer was lost may have been made.
  publicMessage:
    "Something went wrong on our side. You may have signed all the same: look at the decision again.",
};

async function route({ db, party, log }: Context, request: IncomingMessage): Promise<object> {
  const { method, url } = request;
  if (method === "GET" && url === "/health") {
    await db.$queryRaw`SELECT 1`;
    return { status: "ok" };
  }
  if (method !== "POST" || (url !== "/sign-offs" && url !== "/second-reviews"))
    throw notFound("door");
  // A page in a browser on this machine could knock as well: only what no page can send is read.
  if (request.headers.origin || request.headers["content-type"] !== "application/json")
    throw new Problem("content_type", 415, "Send application/json, and not from a page.");
  const body = await readJson(request);
  if (url === "/second-reviews") {
    const input = orProblem(reviewVerifierInput.safeParse(body));
    const given = await giveSecondReviewWithPasskey(db, input, party);
    log.info(
      { decisionId: input.decisionId, personId: input.personId },
      "verified a second review",
    );
    return given;
  }
  const input = orProblem(verifierInput.safeParse(body));
  const signed = await signWithPasskey(db, input, party);
  const { decisionId, personId } = input;
  log.info({ decisionId, personId, ok: signed.ok }, "verified a signature by passkey");
  return signed;
}

function orProblem<T>(parsed: { success: true; data: T } | { success: false }): T {
  if (!parsed.success) throw new Problem("input_invalid", 400, "This is no assertion.");
  return parsed.data;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > BODY_BYTES_MAX)
      throw new Problem("too_large", 413, `At most ${BODY_BYTES_MAX} bytes.`);
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
  } catch {
    throw new Problem("input_invalid", 400, "This is no JSON.");
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    "content-type": status === 200 ? "application/json" : "application/problem+json",
    "cache-control": "no-store",
    // what was not read of a body that is too large must not be taken for the next request
    ...(status === 413 ? { connection: "close" } : {}),
  });
  response.end(JSON.stringify(body));
}
