import { z } from "zod";
import {
  baseUrl,
  LIMITS,
  read,
  shortText,
  vendorText,
  write,
  type Api,
  type Operation,
  type Surroundings,
} from "./api.ts";
import { done, fail, type Step } from "./failure.ts";
import { buildResponder, type Ask, type Checked, type Sent, type Standing } from "./frame.ts";
import type { Capability, Dispatched, Responder } from "./responder.ts";
import type { Secret } from "./secret.ts";

export type OktaSettings = Surroundings & {
  /** The organisation's own address, `https://example.okta.com`. */
  orgUrl: string;
  /** An API token (`SSWS`), or an OAuth access token that the caller got (`Bearer`). */
  credentials: { scheme: "SSWS" | "Bearer"; token: Secret };
  /** The token may read the System Log, which alone tells that sessions were cleared. */
  readsLog: boolean;
};

const NAME = "Okta";
const LOG_EVENT = "user.session.clear";

const CAPABILITIES: readonly Capability[] = [
  {
    action: "disable_account",
    targets: ["user", "email"],
    does: "The user is suspended: Okta lets them sign in nowhere, and keeps everything they have.",
    undo: "Undo: Okta takes the suspension back.",
    verifiedBy: "Verified by reading the user back: the status is SUSPENDED.",
    permissions: ["okta.users.manage", "okta.users.read"],
    settleSeconds: 600,
  },
  {
    action: "revoke_sessions",
    targets: ["user", "email"],
    does: "All Okta sessions of the user end, with the OAuth tokens issued to them; they can sign in again.",
    undo: null,
    verifiedBy:
      "Verified by the entry user.session.clear in Okta's System Log; without okta.logs.read the outcome stays unknown.",
    permissions: ["okta.users.manage", "okta.users.read", "okta.logs.read"],
    settleSeconds: 1800,
  },
];

const USER_ID = /^00u[A-Za-z0-9]{17}$/;
const LOGIN = /^[\p{L}\p{N}][\p{L}\p{N}._+@'-]{0,199}$/u;

const userSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9]{10,40}$/),
  status: z.string().max(100),
  profile: z.object({ login: shortText }),
});
const logSchema = z
  .array(
    z.object({
      eventType: z.string().max(200),
      outcome: z.object({ result: z.string().max(100).nullish() }).nullish(),
      target: z
        .array(z.object({ id: z.string().max(200).nullish() }))
        .max(100)
        .nullish(),
    }),
  )
  .max(1000);
const errorSchema = z.object({ errorCode: z.unknown() });

type User = z.infer<typeof userSchema>;

/**
 * Okta through its user lifecycle. It knows no idempotency key: the user's status is read before a suspension. To
 * clear sessions twice is to clear them again, which is safer than to guess that the first time was enough.
 */
export function openOkta(settings: OktaSettings): Responder {
  const api = apiOf(settings);
  return buildResponder<User>({
    kind: "okta",
    name: NAME,
    capabilities: CAPABILITIES,
    limits: settings.limits,
    now: settings.now,
    find: (operation, target) => find(api, operation, target),
    targetOf: ({ id, profile }, asked) => ({
      kind: "user",
      asked,
      id,
      name: vendorText(profile.login),
    }),
    look: async (_operation, user, ask) => standingOf(user, ask),
    send: (operation, user, ask) => send(api, operation, user, ask),
    check: (operation, dispatched) =>
      dispatched.action === "revoke_sessions"
        ? checkLog(api, operation, dispatched, settings.readsLog)
        : checkStatus(api, operation, dispatched),
  });
}

function apiOf({ orgUrl, credentials, egress = {}, now = Date.now, ...rest }: OktaSettings): Api {
  const token = credentials.token.reveal();
  const authorisation = {
    header: `${credentials.scheme} ${token}`,
    secrets: [token],
    isFresh: true,
  };
  return {
    vendor: NAME,
    baseUrl: baseUrl(orgUrl),
    limits: { ...LIMITS, ...rest.limits },
    egress,
    now,
    authorise: async () => done(authorisation),
    errorCode: (body) => errorSchema.safeParse(body).data?.errorCode,
  };
}

/** A user by id, by login, or by the part of a login before the `@`, which Okta knows while one user has it. */
async function find(api: Api, operation: Operation, target: string): Promise<Step<User>> {
  const asked = target.trim();
  if (!LOGIN.test(asked))
    return fail("invalid_target", "Okta knows users by id or by login, without a Windows domain.");
  const called = await read(api, operation, {
    method: "GET",
    path: ["api", "v1", "users", asked],
    schema: userSchema,
  });
  if (!called.ok) return called;
  const { id, profile } = called.value;
  const login = profile.login.toLowerCase();
  const isAsked = [id.toLowerCase(), login, login.split("@")[0]].includes(asked.toLowerCase());
  return isAsked || (USER_ID.test(asked) && id === asked)
    ? done(called.value)
    : fail("unknown_target", "Okta answered with another user than the one asked for.");
}

function standingOf({ id, status }: User, { action, direction }: Ask): Step<Standing> {
  if (action === "revoke_sessions") return done({ is: "free" });
  if (direction === "undo")
    return status === "SUSPENDED"
      ? done({ is: "free" })
      : status === "ACTIVE"
        ? done({ is: "already", externalId: id })
        : fail("refused", "The user is not suspended in Okta, and not active either.");
  if (status === "SUSPENDED" || status === "DEPROVISIONED")
    return done({ is: "already", externalId: id });
  return status === "ACTIVE"
    ? done({ is: "free" })
    : fail("refused", "Okta suspends active users only, and this one is in another state.");
}

async function send(
  api: Api,
  operation: Operation,
  user: User,
  { action, direction }: Ask,
): Promise<Step<Sent>> {
  const users = ["api", "v1", "users", user.id];
  const called =
    action === "revoke_sessions"
      ? await write(api, operation, {
          method: "DELETE",
          path: [...users, "sessions"],
          query: { oauthTokens: "true" },
          schema: null,
        })
      : await write(api, operation, {
          method: "POST",
          path: [...users, "lifecycle", direction === "do" ? "suspend" : "unsuspend"],
          schema: null,
        });
  if (!called.ok) return called;
  const { date } = called;
  return done({ externalId: user.id, ...(date !== null && { marker: date.slice(0, 64) }) });
}

async function checkStatus(
  api: Api,
  operation: Operation,
  { target, direction }: Dispatched,
): Promise<Step<Checked>> {
  const found = await find(api, operation, target.id);
  if (!found.ok) return found;
  const { status } = found.value;
  const wanted = direction === "do" ? ["SUSPENDED", "DEPROVISIONED"] : ["ACTIVE"];
  return done(
    wanted.includes(status)
      ? {
          outcome: "verified",
          sentence: `Okta says that the user is ${status === "ACTIVE" ? "active" : "suspended or deactivated"}.`,
        }
      : {
          outcome: "failed",
          sentence:
            "Okta shows the user in another state: it did not happen, or somebody changed it since.",
        },
  );
}

async function checkLog(
  api: Api,
  operation: Operation,
  { target, marker, at }: Dispatched,
  readsLog: boolean,
): Promise<Step<Checked>> {
  if (!readsLog)
    return done({
      outcome: "unknown",
      sentence: "Okta took the request; only its System Log tells more, and that may not be read.",
    });
  const listed = await read(api, operation, {
    method: "GET",
    path: ["api", "v1", "logs"],
    query: {
      since: sinceOf(marker, at),
      filter: `eventType eq "${LOG_EVENT}" and target.id eq "${target.id}"`,
      limit: "100",
    },
    schema: logSchema,
  });
  if (!listed.ok) return listed;
  const events = listed.value.filter(
    ({ eventType, target: of }) =>
      eventType === LOG_EVENT && of?.some(({ id }) => id === target.id),
  );
  if (events.some(({ outcome }) => outcome?.result === "SUCCESS"))
    return done({
      outcome: "verified",
      sentence: "Okta's System Log says that the sessions ended.",
    });
  return done({
    outcome: "pending",
    sentence: "Okta's System Log does not say yet that the sessions ended.",
    checkAgainSeconds: 60,
  });
}

/** From Okta's own clock at the request; without it, five minutes early, for clocks that differ. */
function sinceOf(marker: string | null, at: string): string {
  const theirs = Date.parse(marker ?? "");
  const from = Number.isFinite(theirs) ? theirs - 1000 : Date.parse(at) - 300_000;
  return new Date(from).toISOString();
}
