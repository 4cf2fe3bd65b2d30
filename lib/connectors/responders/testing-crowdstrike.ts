import { openCrowdStrike, type CrowdStrikeSettings } from "./crowdstrike.ts";
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

/** For tests: behaves like the documented CrowdStrike Falcon hosts API. */

export type FakeHost = {
  device_id: string;
  hostname: string;
  machine_domain: string | null;
  status: string;
};

export type FakeCrowdStrike = {
  server: TestServer;
  hosts: FakeHost[];
  open: (over?: Partial<CrowdStrikeSettings>) => Responder;
};

export const AGENT = "0123456789abcdef0123456789abcdef";

export async function startCrowdStrike(): Promise<FakeCrowdStrike> {
  const hosts: FakeHost[] = [
    { device_id: AGENT, hostname: "WS-014", machine_domain: "corp.example", status: "normal" },
  ];
  const server = await startServer((asked) => {
    if (asked.path === "/oauth2/token")
      return { ...issueToken(asked, null), status: tokenStatus(asked) };
    if (!isAuthorised(asked)) return errors(401, 401, "access denied, invalid bearer token");
    return answer(hosts, asked);
  });
  const open: FakeCrowdStrike["open"] = (over) =>
    openCrowdStrike({
      credentials: {
        clientId: TEST_CREDENTIALS.clientId,
        clientSecret: new Secret(TEST_CREDENTIALS.clientSecret),
      },
      apiUrl: server.url,
      egress: LOOPBACK,
      ...over,
    });
  return { server, hosts, open };
}

/** A token comes as 201, a refusal as 403. */
function tokenStatus(asked: Asked): number {
  return issueToken(asked, null).status === 200 ? 201 : 403;
}

function answer(hosts: FakeHost[], asked: Asked): Reply {
  switch (asked.path) {
    case "/devices/queries/devices/v1": {
      const names = [...(asked.query.get("filter") ?? "").matchAll(/'([^']*)'/g)].map(
        ([, one]) => one,
      );
      const found = hosts.filter(({ hostname }) => names.includes(hostname.toLowerCase()));
      return resources(
        200,
        found.map(({ device_id: id }) => id),
      );
    }
    case "/devices/entities/devices/v2": {
      const ids = idsOf(asked);
      return resources(
        200,
        hosts.filter(({ device_id: id }) => ids.includes(id)),
      );
    }
    case "/devices/entities/devices-actions/v2":
      return act(hosts, asked);
    default:
      return errors(404, 404, "no such route");
  }
}

function act(hosts: FakeHost[], asked: Asked): Reply {
  const doing = asked.query.get("action_name");
  const host = hosts.find(({ device_id: id }) => idsOf(asked).includes(id));
  if (!host) return errors(404, 404, "no matching device");
  const [from, to] =
    doing === "contain"
      ? ["normal", "containment_pending"]
      : ["contained", "lift_containment_pending"];
  if (host.status !== from) return errors(409, 409, "device is in another state");
  host.status = to;
  return resources(202, [{ id: host.device_id, path: `/devices/entities/devices/v1` }]);
}

function idsOf({ body }: Asked): string[] {
  return (JSON.parse(body) as { ids: string[] }).ids;
}

function resources(status: number, list: readonly unknown[]): Reply {
  return { status, body: { meta: { query_time: 0.01 }, resources: list, errors: [] } };
}

function errors(status: number, code: number, message: string): Reply {
  return { status, body: { meta: {}, errors: [{ code, message }], resources: [] } };
}
