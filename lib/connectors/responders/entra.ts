import { z } from "zod";
import { oauthApi, type OAuthSettings } from "./access-token.ts";
import { read, shortText, vendorText, write, type Api, type Operation } from "./api.ts";
import { done, fail, type Step } from "./failure.ts";
import { buildResponder, type Ask, type Checked, type Sent, type Standing } from "./frame.ts";
import type { Capability, Dispatched, Responder } from "./responder.ts";

export type EntraSettings = OAuthSettings & {
  /** The tenant's id or a domain of it. */
  tenant: string;
  /** Microsoft Graph, and where its tokens come from, of another cloud than the worldwide one. */
  graphUrl?: string;
  loginUrl?: string;
};

const NAME = "Microsoft Entra ID";

const CAPABILITIES: readonly Capability[] = [
  {
    action: "disable_account",
    targets: ["user", "email"],
    does: "The account is disabled: nobody signs in with it. Access tokens already issued run out by themselves.",
    undo: "Undo: the account is enabled again.",
    verifiedBy: "Verified by reading the account back: accountEnabled is false.",
    permissions: ["User.EnableDisableAccount.All", "User.Read.All"],
    settleSeconds: 900,
  },
  {
    action: "revoke_sessions",
    targets: ["user", "email"],
    does: "All refresh tokens and browser sessions of the user become invalid within minutes. Guests keep theirs: they sign in elsewhere.",
    undo: null,
    verifiedBy:
      "Verified by reading the account back: signInSessionsValidFromDateTime is later than before the request.",
    permissions: ["User.RevokeSessions.All", "User.Read.All"],
    settleSeconds: 900,
  },
];

const USER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A user principal name; the ones of guests hold `#EXT#`. */
const PRINCIPAL = /^[a-z0-9][a-z0-9._'+#-]{0,112}@[a-z0-9.-]{1,200}$/;

const userSchema = z.object({
  id: z.string().regex(USER_ID),
  userPrincipalName: shortText,
  accountEnabled: z.boolean().nullish(),
  signInSessionsValidFromDateTime: z.string().max(64).nullish(),
});
const errorSchema = z.object({ error: z.object({ code: z.unknown() }) });
const FIELDS = "id,userPrincipalName,accountEnabled,signInSessionsValidFromDateTime";

type User = z.infer<typeof userSchema>;

/**
 * Microsoft Entra ID through Microsoft Graph. It knows no idempotency key: the account is read before it is changed.
 * To revoke sessions twice is to revoke them again, which is safer than to guess that the first time was enough.
 */
export function openEntra(settings: EntraSettings): Responder {
  const api = apiOf(settings);
  return buildResponder<User>({
    kind: "entra",
    name: NAME,
    capabilities: CAPABILITIES,
    limits: settings.limits,
    now: settings.now,
    find: (operation, target) => find(api, operation, target),
    targetOf: ({ id, userPrincipalName }, asked) => ({
      kind: "user",
      asked,
      id,
      name: vendorText(userPrincipalName),
    }),
    look: async (_operation, user, ask) => standingOf(user, ask),
    send: (operation, user, ask) => send(api, operation, user, ask),
    check: (operation, dispatched) => check(api, operation, dispatched),
  });
}

function apiOf(settings: EntraSettings): Api {
  const {
    tenant,
    graphUrl = "https://graph.microsoft.com",
    loginUrl = "https://login.microsoftonline.com",
  } = settings;
  return oauthApi(settings, {
    vendor: NAME,
    apiUrl: graphUrl,
    loginUrl,
    tokenPath: [tenant, "oauth2", "v2.0", "token"],
    scope: `${graphUrl.replace(/\/$/, "")}/.default`,
    errorCode: (body) => errorSchema.safeParse(body).data?.error.code,
  });
}

/** A user by object id or by user principal name. */
async function find(api: Api, operation: Operation, target: string): Promise<Step<User>> {
  const asked = target.trim().toLowerCase();
  if (!USER_ID.test(asked) && !PRINCIPAL.test(asked))
    return fail("invalid_target", "Entra knows users by object id or by user principal name.");
  const called = await read(api, operation, {
    method: "GET",
    path: ["v1.0", "users", asked],
    query: { $select: FIELDS },
    schema: userSchema,
  });
  if (!called.ok) return called;
  const { id, userPrincipalName } = called.value;
  return id === asked || userPrincipalName.toLowerCase() === asked
    ? done(called.value)
    : fail("unknown_target", "Entra answered with another user than the one asked for.");
}

function standingOf({ id, accountEnabled }: User, { action, direction }: Ask): Step<Standing> {
  if (action === "revoke_sessions") return done({ is: "free" });
  if (typeof accountEnabled !== "boolean")
    return fail("answer", "Entra does not say whether the account is enabled.");
  return done(
    accountEnabled === (direction === "undo") ? { is: "already", externalId: id } : { is: "free" },
  );
}

async function send(
  api: Api,
  operation: Operation,
  user: User,
  { action, direction }: Ask,
): Promise<Step<Sent>> {
  const path = ["v1.0", "users", user.id];
  if (action === "revoke_sessions") {
    const called = await write(api, operation, {
      method: "POST",
      path: [...path, "revokeSignInSessions"],
      json: {},
      schema: null,
    });
    const marker = user.signInSessionsValidFromDateTime ?? "never";
    return called.ok ? done({ externalId: user.id, marker }) : called;
  }
  const called = await write(api, operation, {
    method: "PATCH",
    path,
    json: { accountEnabled: direction === "undo" },
    schema: null,
  });
  return called.ok ? done({ externalId: user.id }) : called;
}

async function check(
  api: Api,
  operation: Operation,
  { target, action, direction, marker }: Dispatched,
): Promise<Step<Checked>> {
  const found = await find(api, operation, target.id);
  if (!found.ok) return found;
  const { accountEnabled, signInSessionsValidFromDateTime: validFrom } = found.value;
  if (action === "revoke_sessions") {
    const before = marker === null || marker === "never" ? 0 : Date.parse(marker);
    return done(
      Date.parse(validFrom ?? "") > before
        ? {
            outcome: "verified",
            sentence: "Entra says that sessions from before the request are no longer valid.",
          }
        : notYet("Entra still gives the time from which sessions are valid as before."),
    );
  }
  return done(
    accountEnabled === (direction === "undo")
      ? {
          outcome: "verified",
          sentence: `Entra says that the account is ${accountEnabled ? "enabled" : "disabled"}.`,
        }
      : notYet("Entra still shows the account as before the request."),
  );
}

/** Graph reads from copies that follow after a moment. */
function notYet(sentence: string): Checked {
  return { outcome: "pending", sentence, checkAgainSeconds: 30 };
}
