import { hash, verify } from "@node-rs/argon2";

/** argon2id at OWASP's second parameter set: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let dummy: Promise<string> | null = null;

/**
 * True when the password fits the stored hash. An unknown account is checked against a hash of
 * nothing, so that it costs the same time as a wrong password.
 */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  dummy ??= hash("no account has this password", PARAMETERS);
  const matches = await verify(stored ?? (await dummy), password);
  return stored !== null && matches;
}
