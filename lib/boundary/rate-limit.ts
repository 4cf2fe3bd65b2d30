import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { requestsPerTenSeconds } from "#lib/env.ts";
import type { Caller } from "./caller.ts";

let limiter: RateLimiterMemory | null = null;

/** Seconds until this caller may knock again; 0 when now. Counted per process, over ten seconds. */
export async function routeWait(caller: Caller): Promise<number> {
  limiter ??= new RateLimiterMemory({ points: requestsPerTenSeconds(), duration: 10 });
  const key = caller.kind === "person" ? caller.person.sessionId : caller.id;
  try {
    await limiter.consume(`${caller.kind}:${key}`);
    return 0;
  } catch (rejected) {
    if (rejected instanceof RateLimiterRes) return Math.ceil((rejected.msBeforeNext ?? 0) / 1000);
    throw rejected;
  }
}
