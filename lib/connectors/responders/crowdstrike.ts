import { z } from "zod";
import { oauthApi, type OAuthSettings } from "./access-token.ts";
import { read, shortText, vendorText, write, type Api, type Operation } from "./api.ts";
import { done, fail, type Step } from "./failure.ts";
import { buildResponder, type Ask, type Checked, type Sent, type Standing } from "./frame.ts";
import type { Capability, Dispatched, Responder } from "./responder.ts";

export type CrowdStrikeSettings = OAuthSettings & {
  /** The cloud the tenant lives in; US-1 when left out. */
  apiUrl?: string;
};

const NAME = "CrowdStrike Falcon";

const CAPABILITIES: readonly Capability[] = [
  {
    action: "isolate_host",
    targets: ["host"],
    does: "The host keeps its connection to the CrowdStrike cloud and to what its containment policy allows.",
    undo: "Undo: CrowdStrike lifts the containment.",
    verifiedBy:
      "Verified when CrowdStrike gives the host the status contained; a host that is off stays pending.",
    permissions: ["Hosts: Read", "Hosts: Write"],
    settleSeconds: 24 * 3600,
  },
];

const DEVICE_ID = /^[0-9a-f]{32}$/;
const HOSTS_MAX = 100;
const HOST_NAME = /^[a-z0-9]([a-z0-9_.-]{0,252}[a-z0-9])?$/i;

const deviceSchema = z.object({
  device_id: z.string().regex(DEVICE_ID),
  hostname: shortText.nullish(),
  machine_domain: shortText.nullish(),
  status: z.string().max(100).nullish(),
});
const devicesSchema = z.object({ resources: z.array(deviceSchema).max(HOSTS_MAX) });
const idsSchema = z.object({ resources: z.array(z.string().regex(DEVICE_ID)).max(HOSTS_MAX) });
const errorsSchema = z.object({
  errors: z.array(z.object({ code: z.unknown() })).min(1),
});
const affectedSchema = z.object({
  resources: z
    .array(z.object({ id: z.string().max(200) }))
    .max(100)
    .nullish(),
  errors: z
    .array(z.object({ code: z.unknown() }))
    .max(100)
    .nullish(),
});

type Device = z.infer<typeof deviceSchema>;

/**
 * CrowdStrike Falcon through its device actions. It knows no idempotency key and answers with the device's id: the
 * device's status is read before an action and is what verifies it.
 */
export function openCrowdStrike(settings: CrowdStrikeSettings): Responder {
  const api = apiOf(settings);
  return buildResponder<Device>({
    kind: "crowdstrike",
    name: NAME,
    capabilities: CAPABILITIES,
    limits: settings.limits,
    now: settings.now,
    find: (operation, target) => find(api, operation, target),
    targetOf: (device, asked) => ({
      kind: "host",
      asked,
      id: device.device_id,
      name: vendorText(device.hostname || device.device_id),
    }),
    look: async (_operation, device, ask) => standingOf(device, ask),
    send: (operation, device, ask) => send(api, operation, device, ask),
    check: (operation, dispatched) => check(api, operation, dispatched),
  });
}

function apiOf(settings: CrowdStrikeSettings): Api {
  const { apiUrl = "https://api.crowdstrike.com" } = settings;
  return oauthApi(settings, {
    vendor: NAME,
    apiUrl,
    loginUrl: apiUrl,
    tokenPath: ["oauth2", "token"],
    errorCode: (body) => errorsSchema.safeParse(body).data?.errors[0]?.code,
  });
}

/** A host by its agent id, or by its name when that names one host. */
async function find(api: Api, operation: Operation, target: string): Promise<Step<Device>> {
  const asked = target.trim().toLowerCase();
  if (DEVICE_ID.test(asked)) return oneOf(await detailsOf(api, operation, [asked]));
  if (!HOST_NAME.test(asked))
    return fail("invalid_target", "CrowdStrike knows hosts by name or by agent id.");
  const short = asked.split(".")[0] ?? asked;
  const names = [...new Set([asked, short])].map((name) => `'${name}'`).join(",");
  const listed = await read(api, operation, {
    method: "GET",
    path: ["devices", "queries", "devices", "v1"],
    query: { filter: `hostname:[${names}]`, limit: String(HOSTS_MAX) },
    schema: idsSchema,
  });
  if (!listed.ok) return listed;
  if (listed.value.resources.length === 0) return oneOf(done([]));
  const devices = await detailsOf(api, operation, listed.value.resources);
  return devices.ok
    ? oneOf(done(devices.value.filter((device) => isNamed(device, asked))))
    : devices;
}

/** A whole name has to agree with the host's domain: another domain may have a host of the same short name. */
function isNamed({ hostname, machine_domain: domain }: Device, asked: string): boolean {
  const name = hostname?.toLowerCase() ?? "";
  return name === asked || (Boolean(domain) && `${name}.${domain?.toLowerCase()}` === asked);
}

function oneOf(devices: Step<Device[]>): Step<Device> {
  if (!devices.ok) return devices;
  const [device, ...more] = devices.value;
  if (!device) return fail("unknown_target", "CrowdStrike knows no such host.");
  if (more.length === 0) return done(device);
  return fail(
    "ambiguous_target",
    `CrowdStrike knows ${devices.value.length} hosts of this name; use the agent id.`,
  );
}

async function detailsOf(
  api: Api,
  operation: Operation,
  ids: readonly string[],
): Promise<Step<Device[]>> {
  const listed = await read(api, operation, {
    method: "POST",
    path: ["devices", "entities", "devices", "v2"],
    json: { ids },
    schema: devicesSchema,
  });
  if (!listed.ok) return listed;
  return done(listed.value.resources.filter(({ device_id: id }) => ids.includes(id)));
}

function standingOf({ device_id: externalId, status }: Device, { direction }: Ask): Step<Standing> {
  const isUndo = direction === "undo";
  switch (status) {
    case "contained":
      return done(isUndo ? { is: "free" } : { is: "already", externalId });
    case "normal":
      return done(isUndo ? { is: "already", externalId } : { is: "free" });
    case "containment_pending":
      return isUndo ? inTheWay() : done({ is: "joined", externalId });
    case "lift_containment_pending":
      return isUndo ? done({ is: "joined", externalId }) : inTheWay();
    default:
      return fail("answer", "CrowdStrike gives the host a status that is not documented.");
  }
}

function inTheWay(): Step<never> {
  return fail("conflict", "CrowdStrike is at the opposite on this host; it has to end first.", {
    retryable: true,
  });
}

async function send(
  api: Api,
  operation: Operation,
  device: Device,
  { direction, origin, key }: Ask & { key: string },
): Promise<Step<Sent>> {
  const called = await write(api, operation, {
    method: "POST",
    path: ["devices", "entities", "devices-actions", "v2"],
    query: { action_name: direction === "do" ? "contain" : "lift_containment" },
    json: {
      ids: [device.device_id],
      action_parameters: [{ name: "note", value: `Countersign ${origin.incident} ${key}` }],
    },
    schema: affectedSchema,
  });
  if (!called.ok) return called;
  const { resources, errors } = called.value;
  if (errors && errors.length > 0)
    return fail("refused", "CrowdStrike took the request and lists an error for the host.", {
      mayHaveActed: true,
      retryable: true,
    });
  if (!resources?.some(({ id }) => id === device.device_id))
    return fail("answer", "CrowdStrike does not list the host among those acted on.", {
      mayHaveActed: true,
      retryable: true,
    });
  return done({ externalId: device.device_id });
}

async function check(
  api: Api,
  operation: Operation,
  { target, direction }: Dispatched,
): Promise<Step<Checked>> {
  const found = oneOf(await detailsOf(api, operation, [target.id]));
  if (!found.ok) return found;
  const { status } = found.value;
  const [wanted, onTheWay, before] =
    direction === "do"
      ? ["contained", "containment_pending", "normal"]
      : ["normal", "lift_containment_pending", "contained"];
  if (status === wanted)
    return done({ outcome: "verified", sentence: `CrowdStrike says that the host is ${wanted}.` });
  if (status === onTheWay)
    return done({
      outcome: "pending",
      sentence: "CrowdStrike has the request; the host has not carried it out.",
      checkAgainSeconds: 30,
    });
  // the status follows a request after a moment, so this alone is no failure
  if (status === before)
    return done({
      outcome: "pending",
      sentence: "CrowdStrike shows the host as it was before the request.",
      checkAgainSeconds: 30,
    });
  return done({
    outcome: "failed",
    sentence: "CrowdStrike is at the opposite on this host; somebody asked for it since.",
  });
}
