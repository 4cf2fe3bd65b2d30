import { sealPublicKey as fromEnvironment } from "#lib/env.ts";

/** What a model's key is sealed with: this process can close the box and not open it. Null when it is not set. */
export function sealPublicKey(): string | null {
  return fromEnvironment();
}
