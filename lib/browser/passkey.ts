import { startAuthentication, startRegistration } from "@simplewebauthn/browser";
import type { PasskeyView } from "#lib/contracts/passkey-view.ts";
import { PASSKEY_ALGORITHMS } from "#lib/domain/people/passkey.ts";

const GESTURE_MS_MAX = 120_000;

type Known = Pick<PasskeyView, "credentialId" | "transports">;

/** What was made or signed, or one sentence that says why not. */
export type Gesture<T> = { ok: true; made: T } | { ok: false; message: string };

export type Making = {
  person: { id: string; name: string };
  /** base64url */
  challenge: string;
  /** Those this person has already: no device makes a second one. */
  known: readonly Known[];
};

/** Asks the browser for a new passkey; the authenticator must verify the person. */
export function makePasskey({ person, challenge, known }: Making) {
  return gesture(async () => {
    const { id, response } = await startRegistration({
      optionsJSON: {
        rp: { name: "Countersign" },
        user: { id: base64url(utf8(person.id)), name: person.name, displayName: person.name },
        challenge,
        pubKeyCredParams: PASSKEY_ALGORITHMS.map((alg) => ({ alg, type: "public-key" })),
        timeout: GESTURE_MS_MAX,
        excludeCredentials: known.map(descriptorOf),
        // It is named to the browser whenever it signs, so it need not be found without its id.
        authenticatorSelection: { residentKey: "discouraged", userVerification: "required" },
        attestation: "none",
      },
    });
    const { clientDataJSON, attestationObject, transports } = response;
    return { id, clientDataJSON, attestationObject, transports: transports ?? [] };
  });
}

/** Asks one of the passkeys for a signature whose challenge is the sha256 of the statement as it was shown here. */
export function signStatement(statement: string, passkeys: readonly Known[]) {
  return gesture(async () => {
    const digest = await crypto.subtle.digest("SHA-256", utf8(statement));
    const { id, response } = await startAuthentication({
      optionsJSON: {
        challenge: base64url(new Uint8Array(digest)),
        timeout: GESTURE_MS_MAX,
        allowCredentials: passkeys.map(descriptorOf),
        userVerification: "required",
      },
    });
    const { authenticatorData, clientDataJSON, signature } = response;
    return { credentialId: id, authenticatorData, clientDataJSON, signature };
  });
}

async function gesture<T>(run: () => Promise<T>): Promise<Gesture<T>> {
  try {
    return { ok: true, made: await run() };
  } catch (error) {
    return { ok: false, message: troubleOf(error as Error) };
  }
}

/** The names of DOMException that WebAuthn 3 (5.1.3 and 5.1.4) ends with. */
function troubleOf({ name }: Error): string {
  switch (name) {
    case "NotAllowedError":
    case "AbortError":
      return "Your passkey did not answer: it was cancelled, it took too long, or it is not at hand. Nothing was changed.";
    case "InvalidStateError":
      return "This device holds a passkey of yours already.";
    case "SecurityError":
      return "Passkeys work only at the address this desk is set up for, over https or on localhost.";
    case "NotSupportedError":
    case "ConstraintError":
      return "This device cannot make a passkey that verifies who you are.";
    default:
      return "This browser cannot use passkeys here. Nothing was changed.";
  }
}

function descriptorOf({ credentialId, transports }: Known) {
  return {
    id: credentialId,
    type: "public-key" as const,
    transports: transports as AuthenticatorTransport[],
  };
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
