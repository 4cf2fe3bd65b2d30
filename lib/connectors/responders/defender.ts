import { z } from "zod";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import { oauthApi, type OAuthSettings } from "./access-token.ts";
import { read, shortText, vendorText, write, type Api, type Call, type Operation } from "./api.ts";
import { done, fail, type Step } from "./failure.ts";
import { buildResponder, type Ask, type Checked, type Sent, type Standing } from "./frame.ts";
import type { Capability, Dispatched, Responder } from "./responder.ts";

export type DefenderSettings = OAuthSettings & {
  /** Microsoft Entra tenant: its id or a domain of it. */
  tenant: string;
  /** Another server than the worldwide one, of a region or a national cloud. */
  apiUrl?: string;
  loginUrl?: string;
  /** The resource tokens are asked for; ends before `/.default`. */
  resource?: string;
};

const NAME = "Microsoft Defender for Endpoint";
const HOUR = 3600;

const CAPABILITIES: readonly Capability[] = [
  {
    action: "isolate_host",
    targets: ["host"],
    does: "The device keeps its connection to Defender and loses every other one (full isolation).",
    undo: "Undo: Defender releases the device from isolation.",
    verifiedBy:
      "Verified when Defender's machine action has succeeded; a device that is off stays pending.",
    permissions: ["Machine.Isolate", "Machine.Read.All"],
    settleSeconds: 24 * HOUR,
  },
  {
    action: "collect_artifacts",
    targets: ["host"],
    does: "The device gathers an investigation package and sends it to Defender.",
    undo: null,
    verifiedBy:
      "Verified when Defender's machine action has succeeded and the package lies in Defender.",
    permissions: ["Machine.CollectForensics", "Machine.Read.All"],
    settleSeconds: 24 * HOUR,
  },
];

/** The type of Defender's machine action, and the path that asks for it. */
const DOING = {
  isolate_host: {
    do: { type: "Isolate", path: "isolate", opposite: "Unisolate" },
    undo: { type: "Unisolate", path: "unisolate", opposite: "Isolate" },
  },
  collect_artifacts: {
    do: {
      type: "CollectInvestigationPackage",
      path: "collectInvestigationPackage",
      opposite: null,
    },
  },
} as const;

const DEVICE_ID = /^[0-9a-f]{40}$/;
const HOST_NAME = /^[a-z0-9]([a-z0-9_.-]{0,252}[a-z0-9])?$/i;
/** How many devices may begin with a name, and how far back another's action is looked for. */
const MACHINES_MAX = 100;
const ACTIONS_MAX = 50;

const machineSchema = z.object({
  id: z.string().regex(DEVICE_ID),
  computerDnsName: shortText.nullish(),
});
const machinesSchema = z.object({ value: z.array(machineSchema).max(1000) });
const machineActionSchema = z.object({
  id: z.string().regex(/^[0-9a-f-]{32,40}$/i),
  type: z.string().max(100),
  status: z.string().max(100),
  machineId: z.string().max(100),
  requestorComment: shortText.nullish(),
  creationDateTimeUtc: z.string().max(64).nullish(),
});
const actionsSchema = z.object({ value: z.array(machineActionSchema).max(1000) });
const errorSchema = z.object({ error: z.object({ code: z.unknown(), message: z.unknown() }) });

type Machine = z.infer<typeof machineSchema>;
type MachineAction = z.infer<typeof machineActionSchema>;

/**
 * Microsoft Defender for Endpoint through its machine actions. It knows no idempotency key: the key stands in the
 * comment of each action, and the actions of the device are read before one is asked for.
 */
export function openDefender(settings: DefenderSettings): Responder {
  const api = apiOf(settings);
  return buildResponder<Machine>({
    kind: "defender",
    name: NAME,
    capabilities: CAPABILITIES,
    keepsKeys: true,
    limits: settings.limits,
    now: settings.now,
    find: (operation, target) => find(api, operation, target),
    targetOf: (machine, asked) => ({
      kind: "host",
      asked,
      id: machine.id,
      name: vendorText(machine.computerDnsName || machine.id),
    }),
    look: (operation, machine, ask) => look(api, operation, machine, ask),
    send: (operation, machine, ask) => send(api, operation, machine, ask),
    check: (operation, dispatched) => check(api, operation, dispatched),
  });
}

function apiOf(settings: DefenderSettings): Api {
  const {
    tenant,
    apiUrl = "https://api.security.microsoft.com",
    loginUrl = "https://login.microsoftonline.com",
    resource = "https://api.securitycenter.microsoft.com",
  } = settings;
  return oauthApi(settings, {
    vendor: NAME,
    apiUrl,
    loginUrl,
    tokenPath: [tenant, "oauth2", "v2.0", "token"],
    scope: `${resource}/.default`,
    errorCode: (body) => errorSchema.safeParse(body).data?.error.code,
  });
}

/** A device by its id, or by its whole or short name when that names one device. */
async function find(api: Api, operation: Operation, target: string): Promise<Step<Machine>> {
  const asked = target.trim().toLowerCase();
  if (DEVICE_ID.test(asked))
    return read(api, operation, {
      method: "GET",
      path: ["api", "machines", asked],
      schema: machineSchema,
    });
  if (!HOST_NAME.test(asked))
    return fail("invalid_target", "Defender knows devices by host name or by device id.");
  const isShort = !asked.includes(".");
  const listed = await read(api, operation, {
    method: "GET",
    path: ["api", "machines"],
    query: {
      $filter: isShort ? `startswith(computerDnsName,'${asked}')` : `computerDnsName eq '${asked}'`,
      $top: String(MACHINES_MAX),
    },
    schema: machinesSchema,
  });
  if (!listed.ok) return listed;
  const named = listed.value.value.filter(({ computerDnsName }) => {
    const name = computerDnsName?.toLowerCase() ?? "";
    return name === asked || (isShort && name.startsWith(`${asked}.`));
  });
  const [machine, ...more] = named;
  if (!machine) return fail("unknown_target", "Defender knows no device of this name.");
  if (more.length > 0 || listed.value.value.length >= MACHINES_MAX)
    return fail(
      "ambiguous_target",
      "Defender knows several devices by this name, or too many that begin so; use the device id.",
    );
  return done(machine);
}

async function look(
  api: Api,
  operation: Operation,
  machine: Machine,
  ask: Ask,
): Promise<Step<Standing>> {
  const { type, opposite } = wayOf(ask.action, ask.direction);
  const listed = await actionsOf(api, operation, machine, opposite ? [type, opposite] : [type]);
  if (!listed.ok) return listed;
  const mine = listed.value.find((one) => one.type === type && hasKey(one, ask.key));
  if (mine) return done({ is: "found", externalId: mine.id });
  const underWay = listed.value.find(isUnderWay);
  if (underWay?.type === type) return done({ is: "joined", externalId: underWay.id });
  if (underWay) return inTheWay();
  const last = listed.value.find(({ status }) => status === "Succeeded");
  // asked for twice, an isolation is known to stay pending for good
  if (opposite && last?.type === type) return done({ is: "already", externalId: last.id });
  return done({ is: "free" });
}

function inTheWay(): Step<never> {
  return fail("conflict", "Defender is at the opposite on this device; it has to end first.", {
    retryable: true,
  });
}

/** Newest first: the order is documented by an example only. */
async function actionsOf(
  api: Api,
  operation: Operation,
  machine: Machine,
  types: readonly string[],
): Promise<Step<MachineAction[]>> {
  const listed = await read(api, operation, {
    method: "GET",
    path: ["api", "machineactions"],
    query: {
      $filter: `machineId eq '${machine.id}'`,
      $top: String(ACTIONS_MAX),
    },
    schema: actionsSchema,
  });
  if (!listed.ok) return listed;
  const { value } = listed.value;
  const found = value.filter((one) => one.machineId === machine.id && types.includes(one.type));
  return done(found.toSorted((a, b) => timeOf(b) - timeOf(a)));
}

async function send(
  api: Api,
  operation: Operation,
  machine: Machine,
  ask: Ask & { key: string },
): Promise<Step<Sent>> {
  const { type, path } = wayOf(ask.action, ask.direction);
  const call: Call<MachineAction> = {
    method: "POST",
    path: ["api", "machines", machine.id, path],
    json: {
      Comment: `Countersign ${ask.origin.incident} ${ask.key}`,
      ...(type === "Isolate" && { IsolationType: "Full" }),
    },
    schema: machineActionSchema,
  };
  const called = await write(api, operation, call);
  if (called.ok) {
    // a duplicate may be answered with the pending action of somebody else
    const isOurs = !called.value.requestorComment || hasKey(called.value, ask.key);
    const how = isOurs ? "sent" : "joined";
    return done({ externalId: called.value.id, how });
  }
  if (called.status !== 400 || !saysUnderWay(called.error)) return called;
  // somebody was faster, between the look and the request
  const again = await look(api, operation, machine, ask);
  if (!again.ok) return again;
  if (again.value.is !== "free") return done({ ...again.value, how: again.value.is });
  return fail("conflict", "Defender says that this is already under way on the device.", {
    retryable: true,
  });
}

async function check(
  api: Api,
  operation: Operation,
  { externalId, target, direction, action }: Dispatched,
): Promise<Step<Checked>> {
  const called = await read(api, operation, {
    method: "GET",
    path: ["api", "machineactions", externalId],
    schema: machineActionSchema,
  });
  if (!called.ok) return called;
  const { type, status, machineId } = called.value;
  if (machineId !== target.id || type !== wayOf(action, direction).type)
    return fail("answer", "Defender answered with another action than the one asked for.");
  switch (status) {
    case "Succeeded":
      return done({ outcome: "verified", sentence: "Defender says that the action succeeded." });
    case "Failed":
      return done({ outcome: "failed", sentence: "Defender says that the action failed." });
    case "TimeOut":
      return done({
        outcome: "failed",
        sentence: "Defender gave up: the device did not take the action in time.",
      });
    case "Cancelled":
    case "Canceled":
      return done({ outcome: "failed", sentence: "Somebody cancelled the action in Defender." });
    case "Pending":
    case "InProgress":
      return done({
        outcome: "pending",
        sentence: "Defender has the action; the device has not finished it.",
        checkAgainSeconds: 30,
      });
    default:
      return done({
        outcome: "unknown",
        sentence: "Defender gives the action a status that is not documented.",
        checkAgainSeconds: 300,
      });
  }
}

function wayOf(
  action: ResponseActionKind,
  direction: "do" | "undo",
): { type: string; path: string; opposite: string | null } {
  const ways = action === "isolate_host" ? DOING.isolate_host : DOING.collect_artifacts;
  return direction === "undo" && "undo" in ways ? ways.undo : ways.do;
}

function hasKey({ requestorComment }: MachineAction, key: string | null): boolean {
  return key !== null && (requestorComment ?? "").split(/\s+/).includes(key);
}

function timeOf({ creationDateTimeUtc }: MachineAction): number {
  return Date.parse(creationDateTimeUtc ?? "") || 0;
}

function isUnderWay({ status }: MachineAction): boolean {
  return status === "Pending" || status === "InProgress";
}

/** Documented as a sentence only, and its code has changed before. */
function saysUnderWay(error: unknown): boolean {
  const message = errorSchema.safeParse(error).data?.error.message;
  return typeof message === "string" && /already in progress/i.test(message.slice(0, 500));
}
