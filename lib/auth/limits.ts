import { createHash } from "node:crypto";
import { RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible";
import { webPool } from "#lib/db/web-pool.ts";

/**
 * Failures allowed within fifteen minutes; then the key waits, and nothing is locked for good. The narrow key is an
 * account from one address, so that a stranger who fails on purpose does not keep its owner out.
 */
const FAILURES = { pair: 10, account: 50, address: 50, signing: 10 } as const;
const WINDOW_SECONDS = 15 * 60;

type Kind = keyof typeof FAILURES;

const limiters = new Map<Kind, RateLimiterPostgres>();

function limiter(kind: Kind): RateLimiterPostgres {
  const known = limiters.get(kind);
  if (known) return known;
  const made = new RateLimiterPostgres({
    storeClient: webPool(),
    tableName: "rate_limit",
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: kind,
    points: FAILURES[kind],
    duration: WINDOW_SECONDS,
  });
  limiters.set(kind, made);
  return made;
}

/**
 * Counts an attempt before it is made, so that a hundred at once are a hundred. Seconds to wait when there were too
 * many of this account from this address, of this account, or from this address; else 0.
 */
export async function beginSignIn(email: string, address: string): Promise<number> {
  const waits = await Promise.all(signInKeys(email, address).map(([kind, key]) => take(kind, key)));
  return Math.max(...waits);
}

/** A right password: what was counted against this account is forgotten, and the address gets its attempt back. */
export async function forgetFailedSignIns(email: string, address: string): Promise<void> {
  const [pair, account, from] = signInKeys(email, address);
  await Promise.all([
    limiter("pair").delete(pair![1]),
    limiter("account").delete(account![1]),
    limiter("address").reward(from![1], 1),
  ]);
}

/** Counts an attempt to sign a statement before its password is checked. Seconds to wait, or 0. */
export function beginSigning(personId: string): Promise<number> {
  return take("signing", personId);
}

/** The password was right, or was not what the attempt failed by. */
export async function settleSigning(
  personId: string,
  outcome: "right" | "not_asked",
): Promise<void> {
  if (outcome === "right") await limiter("signing").delete(personId);
  else await limiter("signing").reward(personId, 1);
}

/** Digests: an address typed as an e-mail may be longer than the key column, and is nobody's to read there. */
function signInKeys(email: string, address: string): [Kind, string][] {
  return [
    ["pair", digest(`${email}\n${address}`)],
    ["account", digest(email)],
    ["address", digest(address)],
  ];
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function take(kind: Kind, key: string): Promise<number> {
  try {
    await limiter(kind).consume(key);
    return 0;
  } catch (rejected) {
    if (rejected instanceof RateLimiterRes)
      return Math.max(1, Math.ceil(rejected.msBeforeNext / 1000));
    throw rejected;
  }
}
