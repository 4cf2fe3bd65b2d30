/** What people send about passkeys, and what the verifier is sent, with its limits. */
import { z } from "zod";
import "./no-eval.ts";
import { TEXT_LIMITS } from "./limits.ts";

const id = z.uuid();

/** Base64url without padding (RFC 4648, 5) of at most `bytesMax` bytes. */
function bytes(bytesMax: number) {
  return z
    .string()
    .min(1)
    .max(Math.ceil((bytesMax * 4) / 3))
    .regex(/^[\w-]+$/);
}

export const PASSKEY_NAME_MAX = 60;
const TRANSPORTS = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const;

const passkeyName = z
  .string()
  .trim()
  .min(1, "Give it a name by which you will know it.")
  .max(PASSKEY_NAME_MAX, `At most ${PASSKEY_NAME_MAX} characters.`)
  // what the database refuses: a name is one line of text that is well formed
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), "Remove the control characters.");

const password = z.string().min(1, "Enter your password.").max(TEXT_LIMITS.password);

/** `made` is what the browser answered (WebAuthn 3, RegistrationResponseJSON), as far as it is looked at. */
export const enrolPasskeyInput = z.strictObject({
  name: passkeyName,
  password,
  made: z.strictObject({
    id: bytes(1023),
    clientDataJSON: bytes(8192),
    attestationObject: bytes(16_384),
    transports: z.array(z.string().max(20)).max(20),
  }),
});

/** Of the transports a browser names, those that are known. */
export function knownTransports(given: readonly string[]): string[] {
  return TRANSPORTS.filter((one) => given.includes(one));
}

export const revokePasskeyInput = z.strictObject({ passkeyId: id, password });

/** What may stand behind the question mark of the list of everybody's; what does not fit is left out. */
export const heldPasskeysQuery = z.object({
  cursor: z.string().max(500).optional().catch(undefined),
});

/** What a passkey answered (WebAuthn 3, AuthenticatorAssertionResponse), each part in base64url. */
export const assertion = {
  credentialId: bytes(1023),
  authenticatorData: bytes(4096),
  clientDataJSON: bytes(8192),
  signature: bytes(1024),
};

/** Approves a decision with a passkey; there is no rejection by passkey. */
export const signWithPasskeyInput = z.strictObject({
  decisionId: id,
  ...assertion,
  reason: z.string().trim().max(TEXT_LIMITS.reason).nullable(),
});

/** Who is signed in, as web found it; `session`: its `sessionDigest`, for the entry on the trail. */
export const signedIn = {
  personId: id,
  session: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .nullable()
    .default(null),
};

/** What the web process hands to the verifier: the same, and who is signed in. */
export const verifierInput = signWithPasskeyInput.extend(signedIn);
export type VerifierInput = z.infer<typeof verifierInput>;
