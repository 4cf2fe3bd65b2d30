import { RateLimiterPostgres } from "rate-limiter-flexible";
import { webPool } from "#lib/db/web-pool.ts";

/** Failures allowed within fifteen minutes; then the key waits. An account is never locked for good. */
const FAILURES_PER_ACCOUNT = 10;
const FAILURES_PER_ADDRESS = 50;
const SIGNING_FAILURES = 10;
const WINDOW_SECONDS = 15 * 60;

type Limiters = { account: RateLimiterPostgres; address: RateLimiterPostgres; signing: RateLimiterPostgres };

let limiters: Limiters | null = null;

function all(): Limiters {
  limiters ??= {
    account: limiter("sign-in-account", FAILURES_PER_ACCOUNT),
    address: limiter("sign-in-address", FAILURES_PER_ADDRESS),
    signing: limiter("signing", SIGNING_FAILURES),
  };
  return limiters;
}

function limiter(keyPrefix: string, points: number): RateLimiterPostgres {
  return new RateLimiterPostgres({
    storeClient: webPool(),
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix,
    points,
    duration: WINDOW_SECONDS,
  });
}

/** Seconds to wait before this account or address may try again; 0 when it may now. */
export async function signInWait(email: string, address: string): Promise<number> {
  const { account, address: byAddress } = all();
  const [a, b] = await Promise.all([account.get(email), byAddress.get(address)]);
  const waits = [
    a && (a.consumedPoints ?? 0) >= FAILURES_PER_ACCOUNT ? (a.msBeforeNext ?? 0) : 0,
    b && (b.consumedPoints ?? 0) >= FAILURES_PER_ADDRESS ? (b.msBeforeNext ?? 0) : 0,
  ];
  return Math.ceil(Math.max(...waits) / 1000);
}

export async function countFailedSignIn(email: string, address: string): Promise<void> {
  const { account, address: byAddress } = all();
  await Promise.all([account.penalty(email, 1), byAddress.penalty(address, 1)]);
}

export async function clearFailedSignIns(email: string): Promise<void> {
  await all().account.delete(email);
}

/** Seconds to wait before this person may try to sign a statement again; 0 when now. */
export async function signingWait(personId: string): Promise<number> {
  const result = await all().signing.get(personId);
  const used = result?.consumedPoints ?? 0;
  return used >= SIGNING_FAILURES ? Math.ceil((result?.msBeforeNext ?? 0) / 1000) : 0;
}

export async function countFailedSigning(personId: string): Promise<void> {
  await all().signing.penalty(personId, 1);
}
