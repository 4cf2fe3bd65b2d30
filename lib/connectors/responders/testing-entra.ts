import { openEntra, type EntraSettings } from "./entra.ts";
import type { Responder } from "./responder.ts";
import { Secret } from "./secret.ts";
import { isAuthorised, issueToken, TEST_CREDENTIALS } from "./testing-oauth.ts";
import {
  LOOPBACK,
  startServer,
  type Asked,
  type Reply,
  type TestServer,
} from "./testing-server.ts";

/** For tests: behaves like the documented users API of Microsoft Graph, and like Entra's token endpoint for it. */

export type FakeEntra = {
  server: TestServer;
  user: {
    id: string;
    userPrincipalName: string;
    accountEnabled: boolean;
    signInSessionsValidFromDateTime: string | null;
  };
  /** False: changes are taken and not carried out, as a copy that lags behind. */
  carriesOut: { now: boolean };
  open: (over?: Partial<EntraSettings>) => Responder;
};

export const ENTRA_USER = "8afc02cb-4d62-4dba-b536-9f6d73e9be26";

export async function startEntra(): Promise<FakeEntra> {
  const user: FakeEntra["user"] = {
    id: ENTRA_USER,
    userPrincipalName: "j.doe@contoso.example",
    accountEnabled: true,
    signInSessionsValidFromDateTime: "2026-01-05T09:00:00Z",
  };
  const carriesOut = { now: true };
  const server: TestServer = await startServer((asked) => {
    if (asked.path === "/contoso.example/oauth2/v2.0/token")
      return issueToken(asked, `${server.url}/.default`);
    if (!isAuthorised(asked)) return error(401, "InvalidAuthenticationToken");
    return answer(user, carriesOut, asked);
  });
  const open: FakeEntra["open"] = (over) =>
    openEntra({
      tenant: "contoso.example",
      credentials: {
        clientId: TEST_CREDENTIALS.clientId,
        clientSecret: new Secret(TEST_CREDENTIALS.clientSecret),
      },
      graphUrl: server.url,
      loginUrl: server.url,
      egress: LOOPBACK,
      ...over,
    });
  return { server, user, carriesOut, open };
}

function answer(user: FakeEntra["user"], carriesOut: { now: boolean }, asked: Asked): Reply {
  const [, , , name = "", verb] = asked.path.split("/").map(decodeURIComponent);
  if (name !== user.id && name !== user.userPrincipalName)
    return error(404, "Request_ResourceNotFound");
  if (verb === "revokeSignInSessions") {
    if (carriesOut.now) user.signInSessionsValidFromDateTime = "2026-03-01T02:30:05Z";
    return { status: 200, body: { "@odata.context": "x", value: true } };
  }
  if (asked.method === "PATCH") {
    const { accountEnabled } = JSON.parse(asked.body) as { accountEnabled: boolean };
    if (carriesOut.now) user.accountEnabled = accountEnabled;
    return { status: 204 };
  }
  const fields = (asked.query.get("$select") ?? "id").split(",");
  const selected = Object.entries(user).filter(([field]) => fields.includes(field));
  return { status: 200, body: Object.fromEntries(selected) };
}

function error(status: number, code: string): Reply {
  return { status, body: { error: { code, message: "x", innerError: { "request-id": "1" } } } };
}
