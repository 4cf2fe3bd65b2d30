/**
 * COSE algorithms of the keys that may sign: ES256 and RS256 (RFC 9053, RFC 8812). Whoever has openssl can check these
 * two with one command.
 */
export const PASSKEY_ALGORITHMS = [-7, -257] as const;
