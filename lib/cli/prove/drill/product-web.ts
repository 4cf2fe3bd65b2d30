/** The product's own web and verifier processes, started as `npm start` does: to be called over HTTP, and killed. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { freePort } from "#lib/db/embedded.ts";
import { setRelyingParty } from "#lib/db/relying-party.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { relyingParty, type RelyingParty } from "#lib/signing/relying-party.ts";
import { build, isBuilt } from "../../build.ts";
import { step } from "../../progress.ts";
import { startProcess, type DrillProcess } from "./processes.ts";
import { waitFor } from "./wait.ts";

const READY_SECONDS = 60;
const CALL_MS = 20_000;

/** The actions of a decision's life and of passkeys, and the page that each is sent from. */
const PAGES = {
  addNote: "incident",
  proposeDecision: "incident",
  recordResponse: "incident",
  setVerdict: "incident",
  workIncident: "incident",
  rejectDecision: "decision",
  signDecision: "decision",
  signWithPasskey: "decision",
  withdrawDecision: "decision",
  enrolPasskey: "account",
  revokePasskey: "account",
} as const;
export type ActionName = keyof typeof PAGES;

/** One call of a server action, as bytes: sent again, it is the same request. */
export type ActionCall = { path: string; headers: Record<string, string>; body: string };
export type ActionAnswer = {
  status: number;
  ok: boolean;
  /** Of a refusal; `http_<status>` when the answer was none of an action. */
  code: string | null;
  guard: string | null;
  reasons: string[];
  data: Record<string, unknown>;
};

/** A process of the product; another one after each `restart`, which starts it on the same address once it is gone. */
export type Restartable = {
  process: () => DrillProcess;
  restart: () => Promise<void>;
};

export type ProductWeb = Restartable & {
  url: string;
  /** What passkeys are bound to at this address. */
  party: RelyingParty;
  /** What signatures by passkey go through. */
  verifier: Restartable;
  verifierUrl: string;
  /** Do both answer, and the database behind them? */
  isUp: () => Promise<boolean>;
  /** Signs a person in through the product's own door; gives the cookie of their session. */
  signIn: (person: { email: string; password: string }) => Promise<string>;
  /** What a browser would send. `cookie` null: nobody is signed in. */
  call: (name: ActionName, input: object, cookie: string | null, of: Place) => ActionCall;
  send: (call: ActionCall) => Promise<ActionAnswer>;
  stop: () => Promise<void>;
};
export type Place = { incidentId: string; decisionId?: string };

/** Makes the production build unless there is one, and starts a web process of it and a verifier on 127.0.0.1. */
export async function startProductWeb(db: TestDatabase): Promise<ProductWeb> {
  if (!(await isBuilt())) await step("Production build", build);
  const ids = await actionIds();
  const [port, verifierPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const party = relyingParty(new URL(url));
  await setRelyingParty(db.urls.owner, party);
  const both = {
    NODE_ENV: "production",
    NEXTAUTH_URL: url,
    COUNTERSIGN_VERIFIER_PORT: String(verifierPort),
    LOG_LEVEL: "fatal",
  };
  const env = {
    ...both,
    NODE_OPTIONS: "--import ./lib/cli/web-front.ts",
    NEXT_TELEMETRY_DISABLED: "1",
    DATABASE_URL_WEB: db.urls.web,
    NEXTAUTH_SECRET: randomBytes(32).toString("base64url"),
  };
  const verifierUrl = `http://127.0.0.1:${verifierPort}`;
  const verifierAt = `${verifierUrl}/health`;
  const verifier = await restartable("the verifier", verifierAt, () =>
    startProcess("lib/cli/verifier.ts", [], { ...both, DATABASE_URL_VERIFIER: db.urls.verifier }),
  );
  const web = await restartable("the web process", `${url}/api/auth/csrf`, () =>
    startProcess(NEXT, ["start", "-p", String(port), "-H", "127.0.0.1"], env),
  ).catch(async (error: unknown) => {
    await verifier.process().stop();
    throw error;
  });
  return {
    ...web,
    ...{ url, party, verifier, verifierUrl },
    isUp: async () => (await isUp(`${url}/api/auth/csrf`)) && (await isUp(verifierAt)),
    signIn: (person) => signIn(url, person),
    call: (name, input, cookie, of) =>
      callOf({ url, id: ids.get(name) ?? "", cookie }, name, input, of),
    send: (call) => send(url, call),
    stop: async () => {
      await Promise.all([web.process().stop(), verifier.process().stop()]);
    },
  };
}

async function restartable(
  what: string,
  health: string,
  start: () => DrillProcess,
): Promise<Restartable> {
  let running = start();
  const ready = () => waitFor(what, () => isUp(health), READY_SECONDS);
  await ready().catch(async (error: unknown) => {
    await running.stop();
    throw error;
  });
  return {
    process: () => running,
    restart: async () => {
      running = start();
      await ready();
    },
  };
}

const NEXT = "node_modules/next/dist/bin/next";

/** The build names each action by an id; its manifest says which is which. */
async function actionIds(): Promise<Map<string, string>> {
  const text = await readFile(".next/server/server-reference-manifest.json", "utf8");
  const { node } = JSON.parse(text) as { node: Record<string, { exportedName: string }> };
  return new Map(Object.entries(node).map(([id, { exportedName }]) => [exportedName, id]));
}

async function isUp(address: string): Promise<boolean> {
  const answer = await fetch(address).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.ok ?? false;
}

async function signIn(url: string, person: { email: string; password: string }): Promise<string> {
  const first = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  const { email, password } = person;
  const answer = await fetch(`${url}/api/auth/callback/credentials`, {
    method: "POST",
    headers: { cookie: cookiesOf(first) },
    body: new URLSearchParams({ csrfToken, email, password, json: "true", callbackUrl: url }),
    redirect: "manual",
  });
  const cookie = cookiesOf(answer);
  if (!cookie.includes("countersign.session="))
    throw new Error(`${email} could not sign in: ${answer.status} ${await answer.text()}`);
  return cookie;
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
}

type From = { url: string; id: string; cookie: string | null };

function callOf(from: From, name: ActionName, input: object, of: Place): ActionCall {
  const incident = `/incidents/${of.incidentId}`;
  const paths = {
    ...{ account: "/account", incident },
    decision: `${incident}/decisions/${of.decisionId}`,
  };
  const path = paths[PAGES[name]];
  const headers = {
    accept: "text/x-component",
    "content-type": "text/plain;charset=UTF-8",
    "next-action": from.id,
    origin: from.url,
    ...(from.cookie && { cookie: from.cookie }),
  };
  return { path, headers, body: JSON.stringify([input]) };
}

async function send(url: string, { path, headers, body }: ActionCall): Promise<ActionAnswer> {
  const signal = AbortSignal.timeout(CALL_MS);
  const answer = await fetch(url + path, {
    method: "POST",
    headers,
    body,
    signal,
    redirect: "manual",
  });
  const result = resultIn(await answer.text());
  if (!result) return { ...NOTHING, status: answer.status, code: `http_${answer.status}` };
  const { ok, data, code, guard, reasons = [] } = result;
  return {
    status: answer.status,
    ok,
    code: code ?? null,
    guard: guard ?? null,
    reasons: reasons.map((reason) => reason.code),
    data: data ?? {},
  };
}

const NOTHING = { ok: false, guard: null, reasons: [], data: {} };

type Result = {
  ok: boolean;
  data?: Record<string, unknown>;
  code?: string;
  guard?: string;
  reasons?: { code: string }[];
};

/** React's answer is rows `ID:JSON`; the first says in which row the action's result is. */
function resultIn(text: string): Result | null {
  const place = /^0:.*?"a":"\$@([0-9a-f]+)"/m.exec(text)?.[1];
  if (place === undefined) return null;
  const row = new RegExp(`^${place}:(\\{.*)$`, "m").exec(text)?.[1];
  return row === undefined ? null : (JSON.parse(row) as Result);
}
