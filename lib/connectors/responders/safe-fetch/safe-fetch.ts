import { Agent as HttpAgent, request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { rootCertificates } from "node:tls";
import { resolveDestination, type Destination, type Egress } from "#lib/egress/resolve.ts";

export type SafeRequest = {
  /** Absolute; https, and port 443 unless the egress lists the network. */
  url: string;
  method: "GET" | "POST" | "PATCH" | "DELETE";
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** For all of it: resolving, connecting, and the last byte of the answer. */
  timeoutMs: number;
  /** A longer body is not read to its end. */
  bytesMax: number;
  signal?: AbortSignal | undefined;
};

export type SafeAnswer = {
  status: number;
  /** By lower-case name; several of one name are joined. */
  header: (name: string) => string | null;
  /** As it came; UTF-8 is taken for granted, what is none becomes U+FFFD. */
  body: string;
};

/**
 * `address`: this is nowhere a request may go. `name`: the name has no address. `connection`: it broke before or
 * after it stood. `encoding`: the answer is compressed, which was not asked for. `request`: it cannot be written as
 * HTTP, a header holds a line break for one.
 */
export type FetchFault =
  | "address"
  | "name"
  | "connection"
  | "timeout"
  | "cancelled"
  | "too_long"
  | "encoding"
  | "request";

export type Fetched =
  | { ok: true; answer: SafeAnswer }
  /** `wasSent`: the server may have read the request. `status`: it began to answer. */
  | { ok: false; fault: FetchFault; wasSent: boolean; status: number | null };

type Ended = { fault: FetchFault } | { body: string };

/**
 * One HTTP request to a checked address: the name is resolved once, every address is judged, and the connection goes
 * to one that was. No redirect is followed, no proxy of the environment is asked, nothing is unpacked, and it ends by
 * length or by the clock. Never throws.
 */
export async function safeFetch(request: SafeRequest, egress: Egress = {}): Promise<Fetched> {
  const { timeoutMs, signal } = request;
  if (signal?.aborted) return failed("cancelled");
  const clock = AbortSignal.timeout(timeoutMs);
  const stop = signal ? AbortSignal.any([clock, signal]) : clock;
  const destination = await beforeStop(resolveDestination(request.url, egress), stop);
  if (!destination) return failed(signal?.aborted ? "cancelled" : "timeout");
  if (!destination.ok) return failed(destination.fault);
  return exchange(request, destination, egress, stop);
}

function failed(fault: FetchFault): Fetched {
  return { ok: false, fault, wasSent: false, status: null };
}

/** A resolver cannot be called off, only left alone. */
async function beforeStop<T>(asked: Promise<T>, stop: AbortSignal): Promise<T | null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const onStop = (): void => resolve(null);
  stop.addEventListener("abort", onStop, { once: true });
  try {
    return await Promise.race([asked, promise]);
  } finally {
    stop.removeEventListener("abort", onStop);
  }
}

async function exchange(
  { method, headers, body, bytesMax, signal }: SafeRequest,
  destination: Extract<Destination, { ok: true }>,
  egress: Egress,
  stop: AbortSignal,
): Promise<Fetched> {
  const isTls = destination.url.protocol === "https:";
  const options = optionsFor(destination, egress, {
    method,
    headers: {
      ...headers,
      "accept-encoding": "identity",
      ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
    },
  });
  const sent = open(isTls, options);
  if (!sent) return failed("request");
  let wasSent = false;
  sent.on("socket", (socket) =>
    socket.once(isTls ? "secureConnect" : "connect", () => {
      wasSent = true;
    }),
  );
  const onStop = (): void => void sent.destroy();
  stop.addEventListener("abort", onStop, { once: true });
  if (stop.aborted) onStop();
  try {
    sent.end(body);
    const response = await answerOf(sent);
    const ended: Ended = response ? await read(response, bytesMax) : { fault: "connection" };
    if (response && "body" in ended) return { ok: true, answer: answer(response, ended.body) };
    const cause = "fault" in ended ? ended.fault : "connection";
    const fault = stop.aborted ? (signal?.aborted ? "cancelled" : "timeout") : cause;
    return { ok: false, fault, wasSent, status: response?.statusCode ?? null };
  } finally {
    stop.removeEventListener("abort", onStop);
    sent.destroy();
  }
}

function open(isTls: boolean, options: RequestOptions): ClientRequest | null {
  try {
    return isTls ? httpsRequest(options) : httpRequest(options);
  } catch {
    return null;
  }
}

/** The name stays in `Host` and in the certificate's check; only the way there is fixed. */
function optionsFor(
  { url, host, port, addresses }: Extract<Destination, { ok: true }>,
  { ca }: Egress,
  more: RequestOptions,
): RequestOptions {
  const lookup: LookupFunction = (_host, { all }, callback) => {
    const first = addresses[0];
    if (all) callback(null, addresses);
    else callback(null, first?.address ?? "", first?.family);
  };
  // an agent of its own: the global one may be told by the environment to ask a proxy
  const agent =
    url.protocol === "https:"
      ? new HttpsAgent({
          keepAlive: false,
          rejectUnauthorized: true,
          minVersion: "TLSv1.2",
          ...(ca && { ca: [...rootCertificates, ca] }),
        })
      : new HttpAgent({ keepAlive: false });
  return { ...more, agent, lookup, host, port, path: url.pathname + url.search };
}

/** The head of the answer; null when the connection ended without one. */
function answerOf(sent: ClientRequest): Promise<IncomingMessage | null> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage | null>();
  sent.once("response", resolve);
  sent.on("error", () => resolve(null));
  sent.once("close", () => resolve(null));
  return promise;
}

async function read(response: IncomingMessage, bytesMax: number): Promise<Ended> {
  const encoding = response.headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") return { fault: "encoding" };
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) return { fault: "too_long" };
      chunks.push(chunk);
    }
  } catch {
    return { fault: "connection" };
  }
  return { body: Buffer.concat(chunks).toString("utf8") };
}

function answer(response: IncomingMessage, body: string): SafeAnswer {
  return {
    status: response.statusCode ?? 0,
    header: (name) => {
      const value = response.headers[name];
      return Array.isArray(value) ? value.join(", ") : (value ?? null);
    },
    body,
  };
}
