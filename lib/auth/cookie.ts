import { authEnv } from "#lib/env.ts";

/** How long a session lives: without a request, and at all (NIST SP 800-63B-4 AAL2 bounds). */
export const SESSION_IDLE_MINUTES = 30;
export const SESSION_HOURS = 12;

/** `__Host-` binds the cookie to this host, path and https; plain http (localhost) cannot carry it. */
export function sessionCookieName(): string {
  return isHttps() ? "__Host-countersign.session" : "countersign.session";
}

export function isHttps(): boolean {
  return authEnv().url.startsWith("https://");
}
