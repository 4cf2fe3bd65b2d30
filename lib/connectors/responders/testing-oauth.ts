import type { Asked, Reply } from "./testing-server.ts";

/** For tests: a token endpoint for client credentials, and the check of its tokens. */

export const TEST_CREDENTIALS = {
  clientId: "11111111-2222-3333-4444-555555555555",
  clientSecret: "kept~secret/of+the.desk=0001",
};

const TOKEN = "eyJ0.token-of-the-desk.0001";

/** The request of RFC 6749, 4.4; `scope` null: none is to be asked for. */
export function issueToken(asked: Asked, scope: string | null): Reply {
  const form = new URLSearchParams(asked.body);
  const isGood =
    form.get("grant_type") === "client_credentials" &&
    form.get("client_id") === TEST_CREDENTIALS.clientId &&
    form.get("client_secret") === TEST_CREDENTIALS.clientSecret &&
    form.get("scope") === scope;
  return isGood
    ? { status: 200, body: { token_type: "Bearer", expires_in: 3599, access_token: TOKEN } }
    : { status: 401, body: { error: "invalid_client", error_description: "AADSTS7000215" } };
}

export function isAuthorised({ headers }: Asked): boolean {
  return headers.authorization === `Bearer ${TOKEN}`;
}
