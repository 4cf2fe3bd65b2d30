import { publicAddress } from "#lib/env.ts";
import { canonicalJson } from "#lib/trail/canonical.ts";
import { sha256 } from "#lib/trail/tree.ts";

/** What a passkey is bound to (WebAuthn 3, 5.1.3): a host name, and the one origin at which people use the product. */
export type RelyingParty = { id: string; origin: string };

export function relyingParty(address: URL = publicAddress()): RelyingParty {
  return { id: address.hostname, origin: address.origin };
}

/**
 * The challenge of an enrolment, 32 bytes. It keeps an answer made for another person or session out; that the person
 * wants this very key is proved by the password, over `passkeyStatement`.
 */
export function enrolmentChallenge(of: { personId: string; sessionId: string }): Buffer {
  return sha256(canonicalJson({ act: "make_passkey", v: 1, ...of }));
}
