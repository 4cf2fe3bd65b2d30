import { openOkta, type OktaSettings } from "./okta.ts";
import type { Responder } from "./responder.ts";
import { Secret } from "./secret.ts";
import {
  LOOPBACK,
  startServer,
  type Asked,
  type Reply,
  type TestServer,
} from "./testing-server.ts";

/** For tests: behaves like the documented Okta users, lifecycle, sessions and System Log APIs. */

export type FakeOkta = {
  server: TestServer;
  user: { id: string; status: string; profile: { login: string; email: string } };
  /** The System Log: it follows what happens only when asked to. */
  log: {
    eventType: string;
    published: string;
    target: { id: string }[];
    outcome: { result: string };
  }[];
  cleared: { times: number };
  open: (over?: Partial<OktaSettings>) => Responder;
};

export const OKTA_TOKEN = "00aBcDeFgHiJkLmNoPqRsTuVwXyZ-0123456789abc";
export const OKTA_USER = "00ub0oNGTSWTBKOLGLNR";

export async function startOkta(): Promise<FakeOkta> {
  const user = {
    id: OKTA_USER,
    status: "ACTIVE",
    profile: { login: "j.doe@corp.example", email: "j.doe@corp.example" },
  };
  const state = { user, log: [] as FakeOkta["log"], cleared: { times: 0 } };
  const server = await startServer((asked) =>
    asked.headers.authorization === `SSWS ${OKTA_TOKEN}`
      ? answer(state, asked)
      : error(401, "E0000011", "Invalid token provided"),
  );
  const open: FakeOkta["open"] = (over) =>
    openOkta({
      orgUrl: server.url,
      credentials: { scheme: "SSWS", token: new Secret(OKTA_TOKEN) },
      readsLog: true,
      egress: LOOPBACK,
      ...over,
    });
  return { server, ...state, open };
}

type State = Pick<FakeOkta, "user" | "log" | "cleared">;

function answer({ user, log, cleared }: State, asked: Asked): Reply {
  const [, , , collection, name = "", part, verb] = asked.path.split("/").map(decodeURIComponent);
  if (collection === "logs") {
    const since = Date.parse(asked.query.get("since") ?? "");
    return { status: 200, body: log.filter(({ published }) => Date.parse(published) >= since) };
  }
  const login = user.profile.login.toLowerCase();
  if (
    ![user.id, login, login.split("@")[0]].includes(
      name.startsWith("00u") ? name : name.toLowerCase(),
    )
  )
    return error(404, "E0000007", `Not found: Resource not found: ${name} (User)`);
  if (!part) return { status: 200, body: user };
  if (part === "sessions" && asked.method === "DELETE") {
    cleared.times += 1;
    return { status: 204 };
  }
  const [from, to] = verb === "suspend" ? ["ACTIVE", "SUSPENDED"] : ["SUSPENDED", "ACTIVE"];
  if (user.status !== from) return error(400, "E0000001", `Api validation failed: ${verb}User`);
  user.status = to;
  return { status: 200, body: {} };
}

function error(status: number, errorCode: string, errorSummary: string): Reply {
  return {
    status,
    body: { errorCode, errorSummary, errorLink: errorCode, errorId: "oae", errorCauses: [] },
  };
}
