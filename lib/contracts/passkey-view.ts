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
