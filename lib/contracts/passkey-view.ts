import type { PersonView } from "./views.ts";

/** One of a person's passkeys, revoked ones too. Times ISO 8601 UTC; ids of credentials base64url. */
export type PasskeyView = {
  id: string;
  credentialId: string;
  name: string;
  transports: string[];
  enrolledAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
};

/** A passkey as an admin sees it. Times ISO 8601 UTC. */
export type HeldPasskey = Pick<
  PasskeyView,
  "id" | "name" | "enrolledAt" | "lastUsedAt" | "revokedAt"
> & {
  person: PersonView;
};
export type HeldPasskeyPage = { passkeys: HeldPasskey[]; nextCursor: string | null };
