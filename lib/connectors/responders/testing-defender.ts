import {
  LOOPBACK,
  startServer,
  type Asked,
  type Reply,
  type TestServer,
} from "./testing-server.ts";
import { Secret } from "./secret.ts";
import { openDefender, type DefenderSettings } from "./defender.ts";
import { issueToken, isAuthorised, TEST_CREDENTIALS } from "./testing-oauth.ts";
import type { Responder } from "./responder.ts";

/** For tests: behaves like the documented Defender for Endpoint API, and like Entra's token endpoint for it. */

export type FakeAction = {
  id: string;
  type: string;
  status: string;
  machineId: string;
  requestorComment: string | null;
  creationDateTimeUtc: string;
};

export type FakeDefender = {
  server: TestServer;
  machines: { id: string; computerDnsName: string }[];
  actions: FakeAction[];
  /** The status of an action from its beginning on. */
  begins: { status: string };
  open: (over?: Partial<DefenderSettings>) => Responder;
};

export const DEVICE = "1e5bc9d7e413ddd7902c2932e418702b84d0cc07";
const TYPES: Record<string, string> = {
  isolate: "Isolate",
  unisolate: "Unisolate",
  collectInvestigationPackage: "CollectInvestigationPackage",
};

export async function startDefender(): Promise<FakeDefender> {
  const machines = [{ id: DEVICE, computerDnsName: "ws-014.corp.example" }];
  const actions: FakeAction[] = [];
  const begins = { status: "Pending" };
  const server = await startServer((asked) => {
    if (asked.path === "/contoso.example/oauth2/v2.0/token")
      return issueToken(asked, "https://api.securitycenter.microsoft.com/.default");
    if (!isAuthorised(asked)) return errorReply(401, "Unauthorized", "Token is missing or expired");
    return answer({ machines, actions, begins }, asked);
  });
  const open: FakeDefender["open"] = (over) =>
    openDefender({
      tenant: "contoso.example",
      credentials: {
        clientId: TEST_CREDENTIALS.clientId,
        clientSecret: new Secret(TEST_CREDENTIALS.clientSecret),
      },
      apiUrl: server.url,
      loginUrl: server.url,
      egress: LOOPBACK,
      ...over,
    });
  return { server, machines, actions, begins, open };
}

type State = Pick<FakeDefender, "machines" | "actions" | "begins">;

function answer(state: State, asked: Asked): Reply {
  const [, , collection, id, verb] = asked.path.split("/");
  const filter = asked.query.get("$filter") ?? "";
  if (collection === "machines" && !id) return list(machinesBy(state, filter));
  if (collection === "machineactions" && !id) {
    const machineId = /^machineId eq '(\w+)'$/.exec(filter)?.[1];
    return list(state.actions.filter((one) => one.machineId === machineId));
  }
  if (collection === "machineactions") {
    const action = state.actions.find((one) => one.id === id);
    return action ? { status: 200, body: action } : notFound();
  }
  const machine = state.machines.find((one) => one.id === id);
  if (!machine) return notFound();
  return verb ? start(state, machine.id, verb, asked) : { status: 200, body: machine };
}

function machinesBy({ machines }: State, filter: string): State["machines"] {
  const [, exact] = /^computerDnsName eq '([^']+)'$/.exec(filter) ?? [];
  const [, start] = /^startswith\(computerDnsName,'([^']+)'\)$/.exec(filter) ?? [];
  return machines.filter(({ computerDnsName: name }) =>
    exact ? name === exact : start ? name.startsWith(start) : false,
  );
}

function start({ actions, begins }: State, machineId: string, verb: string, asked: Asked): Reply {
  const type = TYPES[verb];
  const body = JSON.parse(asked.body) as { Comment?: string; IsolationType?: string };
  if (!type) return notFound();
  if (!body.Comment) return errorReply(400, "MissingRequiredParameter", "Comment is missing");
  if (type === "Isolate" && body.IsolationType !== "Full")
    return errorReply(400, "InvalidInput", "IsolationType");
  const isPending = (one: FakeAction): boolean =>
    one.machineId === machineId && one.type === type && one.status === "Pending";
  if (actions.some(isPending))
    return errorReply(400, "BadRequest", "Action is already in progress");
  const action = {
    id: `5382f7ea-7557-4ab7-9782-${String(actions.length).padStart(12, "0")}`,
    type,
    status: begins.status,
    machineId,
    requestorComment: body.Comment,
    creationDateTimeUtc: new Date(Date.UTC(2026, 2, 1, 2, actions.length)).toISOString(),
  };
  actions.push(action);
  return { status: 201, body: action };
}

function list(value: readonly object[]): Reply {
  return { status: 200, body: { "@odata.context": "x", value } };
}

function notFound(): Reply {
  return errorReply(404, "ResourceNotFound", "Machine was not found");
}

function errorReply(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message, target: "43f4cb08" } } };
}
