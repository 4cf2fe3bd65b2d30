export const ROLE_NOUNS: Readonly<Record<string, string>> = {
  analyst: "an analyst",
  lead: "a lead",
  auditor: "an auditor",
  admin: "an admin",
};

/** Why a signature does not count. */
export const VOID_WORDS = {
  passkey_revoked: "passkey revoked",
  too_old: "too old",
  signer_changed: "the signer's role changed",
} as const;

/** How a person proved to be there for a signature. */
export const SIGNING_WORDS: Readonly<Record<string, string>> = {
  password: "with the password entered again",
  passkey: "with a passkey over the statement's hash",
};
