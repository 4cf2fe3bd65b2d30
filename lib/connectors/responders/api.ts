import { z } from "zod";
import { visibleText } from "#lib/domain/evidence/display.ts";
import { fail, fetchFailure, statusFailure, timedOut, type Step } from "./failure.ts";
import type { Egress } from "#lib/egress/resolve.ts";
import { safeFetch, type SafeAnswer, type SafeRequest } from "./safe-fetch/safe-fetch.ts";
import { cleanCode, withoutSecrets } from "./secret.ts";

/** One vendor's API: where it is, how a request is authorised, and where its errors keep their code. */

export type Limits = {
  /** One request, and all requests of one call of a responder. */
  requestMs: number;
  operationMs: number;
  answerBytes: number;
};

export const LIMITS: Limits = { requestMs: 15_000, operationMs: 60_000, answerBytes: 256_000 };

/** What every adapter is opened with beside its own settings. */
export type Surroundings = {
  egress?: Egress;
  limits?: Partial<Limits>;
  /** ms since 1970. Default: this machine's clock. */
  now?: () => number;
};

/** One call of a responder: when it has to be over, and who may call it off. */
export type Operation = { signal: AbortSignal | undefined; endsAt: number };

/** What goes into the header; `isFresh` false: it was kept from an earlier request and may have been withdrawn. */
export type Authorisation = { header: string; secrets: string[]; isFresh: boolean };

export type Api = {
  vendor: string;
  baseUrl: URL;
  limits: Limits;
  egress: Egress;
  now: () => number;
  /** `renew`: what was kept did not work. */
  authorise: (operation: Operation, renew: boolean) => Promise<Step<Authorisation>>;
  errorCode: (body: unknown) => unknown;
};

export type Call<T> = {
  method: SafeRequest["method"];
  /** Segments, not yet encoded. */
  path: readonly string[];
  query?: Record<string, string>;
  json?: unknown;
  /** What is used of the answer; null: nothing is. */
  schema: z.ZodType<T> | null;
};

/** A success with the vendor's own clock, or a failure with what an adapter may look at to say it better. */
export type Called<T> =
  | { ok: true; value: T; date: string | null }
  | (Extract<Step<T>, { ok: false }> & { status: number | null; error: unknown });

/** Configuration: an absolute address without credentials or query. Throws, as a mistake of whoever set it. */
export function baseUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || url.username || url.password || url.search || url.hash)
    throw new TypeError("a responder needs an absolute address without credentials or query");
  return url;
}

/** A word of a vendor as it may be shown: what hides is written out, and it ends after `max` characters. */
export function vendorText(text: string, max = 200): string {
  const visible = visibleText(text.slice(0, 2 * max));
  return visible.length > max ? `${visible.slice(0, max - 1).toWellFormed()}\u2026` : visible;
}

/** For schemas: a short text of a vendor. */
export const shortText = z.string().max(2000);

/** A request that changes nothing by its method or is known not to. */
export async function read<T>(api: Api, operation: Operation, call: Call<T>): Promise<Called<T>> {
  return request(api, operation, call, false);
}

/** A request that acts: made once, and after a break its effect is not known. */
export async function write<T>(api: Api, operation: Operation, call: Call<T>): Promise<Called<T>> {
  return request(api, operation, call, true);
}

async function request<T>(
  api: Api,
  operation: Operation,
  call: Call<T>,
  isWrite: boolean,
): Promise<Called<T>> {
  const first = await api.authorise(operation, false);
  if (!first.ok) return { ...first, status: null, error: null };
  const called = await attempt(api, operation, call, { isWrite, authorisation: first.value });
  if (called.ok || called.status !== 401 || first.value.isFresh) return called;
  // refused unread, so it is safe to ask again with credentials that are new
  const renewed = await api.authorise(operation, true);
  if (!renewed.ok) return { ...renewed, status: null, error: null };
  return attempt(api, operation, call, { isWrite, authorisation: renewed.value });
}

async function attempt<T>(
  api: Api,
  operation: Operation,
  { method, path, query, json, schema }: Call<T>,
  { isWrite, authorisation }: { isWrite: boolean; authorisation: Authorisation },
): Promise<Called<T>> {
  const { vendor, limits, egress, now } = api;
  const none = { status: null, error: null };
  const url = addressOf(api.baseUrl, path, query);
  if (!url)
    return { ...fail("invalid_target", `The target cannot be part of an address.`), ...none };
  const left = timeLeft(operation, limits);
  if (left <= 0) return { ...timedOut(vendor, false), ...none };
  const fetched = await safeFetch(
    {
      url,
      method,
      headers: {
        authorization: authorisation.header,
        accept: "application/json",
        ...(json !== undefined && { "content-type": "application/json" }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      timeoutMs: left,
      bytesMax: limits.answerBytes,
      signal: operation.signal,
    },
    egress,
  );
  if (!fetched.ok) return { ...fetchFailure(vendor, fetched, isWrite), ...none };
  const { answer } = fetched;
  const body = parse(answer, authorisation.secrets);
  if (answer.status < 200 || answer.status > 299) {
    const vendorCode = cleanCode(api.errorCode(body), authorisation.secrets);
    const failed = statusFailure(vendor, answer, { isWrite, vendorCode, now: now() });
    return { ...failed, status: answer.status, error: body };
  }
  // where nothing is used of an answer, a page of some proxy is still no answer of the vendor
  const parsed = schema
    ? schema.safeParse(body)
    : { success: answer.body === "" || body !== undefined, data: undefined as T };
  if (parsed.success) return { ok: true, value: parsed.data as T, date: answer.header("date") };
  return {
    ...fail("answer", `${vendor} answered in a form that is not the documented one.`, {
      mayHaveActed: isWrite,
    }),
    status: answer.status,
    error: null,
  };
}

/** Milliseconds that the next request may take; 0 or less: none. */
export function timeLeft({ endsAt }: Operation, { requestMs }: Limits): number {
  return Math.min(requestMs, Math.ceil(endsAt - performance.now()));
}

/** The address of a path below the base, or null when the segments lead out of it. */
export function addressOf(
  base: URL,
  path: readonly string[],
  query: Record<string, string> = {},
): string | null {
  const root = base.pathname.replace(/\/$/, "");
  const segments = path.map((segment) => encodeURIComponent(segment.toWellFormed()));
  const wanted = `${root}/${segments.join("/")}`;
  const url = new URL(wanted, base.origin);
  // "." and ".." are taken for steps even when encoded
  if (url.origin !== base.origin || url.pathname !== wanted) return null;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  // an OData filter reads "+" as itself
  return url.href.replaceAll("+", "%20");
}

/** The body as JSON with every repeated credential taken out; undefined when it is none or says it is none. */
export function parse(answer: SafeAnswer, secrets: readonly string[]): unknown {
  const type = answer.header("content-type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type)) return undefined;
  try {
    return JSON.parse(answer.body, (_key, value: unknown) =>
      typeof value === "string" ? withoutSecrets(value, secrets) : value,
    );
  } catch {
    return undefined;
  }
}
