import { createHash } from "node:crypto";
import { z } from "zod";
import {
  addressOf,
  baseUrl,
  LIMITS,
  parse,
  timeLeft,
  type Api,
  type Authorisation,
  type Limits,
  type Operation,
  type Surroundings,
} from "./api.ts";
import { done, fail, fetchFailure, statusFailure, timedOut, type Step } from "./failure.ts";
import type { Egress } from "#lib/egress/resolve.ts";
import { safeFetch } from "./safe-fetch/safe-fetch.ts";
import { cleanCode, Secret } from "./secret.ts";

/** OAuth 2.0 client credentials (RFC 6749, 4.4): short-lived tokens, kept in memory only. */

export type ClientCredentials = { clientId: string; clientSecret: Secret };

/** Tokens in force, by a digest of everything they were asked for with: another secret is another token. */
export type TokenCache = Map<string, { token: Secret; until: number }>;

export function createTokenCache(): TokenCache {
  return new Map();
}

/** What an adapter with client credentials is opened with. */
export type OAuthSettings = Surroundings & {
  credentials: ClientCredentials;
  /** Shared between openings, so that a token outlives the responder that asked for it. */
  tokens?: TokenCache;
};

type TokenSource = {
  vendor: string;
  /** Absolute. */
  tokenUrl: string;
  scope?: string | undefined;
  credentials: ClientCredentials;
  cache: TokenCache;
  egress: Egress;
  limits: Limits;
  now: () => number;
};

/** A token is not used in its last minute: it would run out on the way. */
const MARGIN_MS = 60_000;
const LIFETIME_SECONDS_MAX = 24 * 3600;

const tokenSchema = z.object({
  access_token: z.string().regex(/^[\w.~+/=-]{8,8192}$/),
  expires_in: z.coerce.number().int().positive().max(10_000_000).catch(300),
});
const errorSchema = z.object({ error: z.unknown() });

/** An API whose requests carry such a token. Throws on addresses that are none. */
export function oauthApi(
  {
    credentials,
    tokens = createTokenCache(),
    egress = {},
    limits: own,
    now = Date.now,
  }: OAuthSettings,
  about: {
    vendor: string;
    apiUrl: string;
    loginUrl: string;
    tokenPath: readonly string[];
    scope?: string;
    errorCode: Api["errorCode"];
  },
): Api {
  const { vendor, scope, errorCode } = about;
  const limits = { ...LIMITS, ...own };
  const tokenUrl = addressOf(baseUrl(about.loginUrl), about.tokenPath);
  if (!tokenUrl) throw new TypeError("a tenant is an id or a domain");
  const source = { vendor, tokenUrl, scope, credentials, cache: tokens, egress, limits, now };
  return {
    vendor,
    baseUrl: baseUrl(about.apiUrl),
    limits,
    egress,
    now,
    authorise: (operation, renew) => bearer(source, operation, renew),
    errorCode,
  };
}

/** What to put into `Authorization`; from the cache unless `renew`. */
async function bearer(
  source: TokenSource,
  operation: Operation,
  renew: boolean,
): Promise<Step<Authorisation>> {
  const { cache, credentials, now } = source;
  const key = keyOf(source);
  const kept = renew ? undefined : cache.get(key);
  if (kept && now() < kept.until) return done(authorisation(kept.token, credentials, false));
  cache.delete(key);
  const asked = await ask(source, operation);
  if (!asked.ok) return asked;
  const lifetimeMs = Math.min(asked.value.expires_in, LIFETIME_SECONDS_MAX) * 1000;
  const token = new Secret(asked.value.access_token);
  cache.set(key, { token, until: now() + lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 2) });
  return done(authorisation(token, credentials, true));
}

function authorisation(
  token: Secret,
  { clientSecret }: ClientCredentials,
  isFresh: boolean,
): Authorisation {
  return {
    header: `Bearer ${token.reveal()}`,
    secrets: [token.reveal(), ...formsOf(clientSecret)],
    isFresh,
  };
}

function keyOf({ tokenUrl, scope, credentials }: TokenSource): string {
  const parts = [tokenUrl, scope ?? "", credentials.clientId, credentials.clientSecret.reveal()];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url");
}

async function ask(
  { vendor, tokenUrl, scope, credentials, egress, limits, now }: TokenSource,
  operation: Operation,
): Promise<Step<z.infer<typeof tokenSchema>>> {
  const left = timeLeft(operation, limits);
  if (left <= 0) return timedOut(vendor, false);
  const secrets = formsOf(credentials.clientSecret);
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret.reveal(),
    ...(scope !== undefined && { scope }),
  });
  const fetched = await safeFetch(
    {
      url: tokenUrl,
      method: "POST",
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: form.toString(),
      timeoutMs: left,
      bytesMax: limits.answerBytes,
      signal: operation.signal,
    },
    egress,
  );
  if (!fetched.ok) return fetchFailure(vendor, fetched, false);
  const body = parse(fetched.answer, secrets);
  const { status } = fetched.answer;
  if (status >= 200 && status < 300) {
    const parsed = tokenSchema.safeParse(body);
    if (parsed.success) return done(parsed.data);
    return fail("answer", `${vendor} answered in a form that is not the documented one.`);
  }
  const vendorCode = cleanCode(errorSchema.safeParse(body).data?.error, secrets);
  // RFC 6749, 5.2: a wrong secret may be a 400 as well as a 401
  if (status === 400 || status === 401 || status === 403)
    return fail("credentials", `${vendor} gives no token for these credentials (${status}).`, {
      vendorCode,
    });
  return statusFailure(vendor, fetched.answer, { isWrite: false, vendorCode, now: now() });
}

/** As it is, and as a form carries it: a server may repeat either. */
function formsOf(secret: Secret): string[] {
  const value = secret.reveal();
  return [...new Set([value, encodeURIComponent(value)])];
}
