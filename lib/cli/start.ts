/** `npm start`: database, migrations, build, then web, worker, signer and verifier, and the demo night. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inheritedEnv, modelEnv } from "#lib/env.ts";
import { freePort } from "#lib/db/embedded.ts";
import { setRelyingParty } from "#lib/db/relying-party.ts";
import { readSecrets } from "#lib/db/secrets.ts";
import type { Secrets } from "#lib/db/secrets.ts";
import { publicKeyOf } from "#lib/sealing/seal.ts";
import { relyingParty } from "#lib/signing/relying-party.ts";
import { readStartArgs } from "./args.ts";
import type { StartArgs } from "./args.ts";
import { build, isBuilt } from "./build.ts";
import { Children } from "./children.ts";
import { openDatabase } from "./database.ts";
import type { Database } from "./database.ts";
import { clearLeftovers, forgetPids, prepareHome, refuseTakenPort, writePids } from "./place.ts";
import { adminFile } from "./running.ts";
import { witnessPlan, type WitnessPlan } from "./own-witness.ts";
import { heading, say, StartError, step } from "./progress.ts";

const READY_MS = 60_000;
const SECRET_SETTING =
  /^(DATABASE_URL(_.*)?|PG(PASSWORD|PASSFILE|SERVICE.*)|NEXTAUTH_SECRET|COUNTERSIGN_SEAL_PRIVATE|COUNTERSIGN_(SMTP_URL|NOTICE_WEBHOOK(_KEYS)?)|ANTHROPIC_(API_KEY|AUTH_TOKEN))$/;
const startedAt = performance.now();
try {
  await start(readStartArgs(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`\nCountersign did not start. ${error.message}\n`);
  process.exit(1);
}

async function start(args: StartArgs): Promise<void> {
  heading("Countersign");
  await refuseTakenPort(args.port, args.host);
  await prepareHome(args.home);
  await clearLeftovers(args.home);
  const secrets = await readSecrets(args.home);
  const url = `http://localhost:${args.port}`;

  let stopping: Promise<void> | null = null;
  let children: Children | null = null;
  let database: Database | null = null;
  const stop = (code: number) => {
    stopping ??= (async () => {
      say("\n  Stopping; nothing is lost ...");
      await children?.stop();
      await database?.stop();
      await forgetPids(args.home);
      await rm(adminFile(args.home), { force: true });
      process.exit(code);
    })();
    return stopping;
  };
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));

  database = await openDatabase(args.home, secrets);
  await writeFile(adminFile(args.home), JSON.stringify({ adminUrl: database.adminUrl }), {
    mode: 0o600,
  });
  try {
    if (!args.dev && !(await isBuilt())) await step("Production build", build);
    const verifierPort = await freePort();
    const address = publicAddressOf(url);
    await setRelyingParty(database.ownerUrl, relyingParty(address));
    const witness = await witnessPlan(args, inheritedEnv());
    const places = { address: address.href, verifierPort, witness };
    children = startProcesses(args, secrets, database, places);
    void database.exited.then(() => stopping ?? databaseDied(stop));
    await step("Web, worker, signer and verifier", async () => {
      await untilHealthy(`${url}/api/health`);
      await untilHealthy(`http://127.0.0.1:${verifierPort}/health`);
    });
    if (args.demo) {
      // Loaded only here: a deployment without the demo does not read its stories.
      const { demoBox, finishDemo, prepareDemo } = await import("./demo.ts");
      const demo = await prepareDemo({ home: args.home, url, database });
      sayReady(url);
      await finishDemo(demo);
      say(`\n${demoBox(demo)}`);
    } else {
      sayReady(url);
      say(
        `\n  No demo. Add the first person:  npm run person -- add --role admin --email you@example.com`,
      );
    }
    sayModel(url);
    say("  Ctrl-C stops everything; the data stays.\n");
  } catch (error) {
    await children?.stop();
    await database.stop();
    await forgetPids(args.home);
    throw error;
  }
}

function databaseDied(stop: (code: number) => Promise<void>): Promise<void> {
  process.stderr.write("  The database stopped by itself; see its log. Start again: npm start\n");
  return stop(1);
}

/** The address people use: the one that is set, else this machine's own. */
function publicAddressOf(url: string): URL {
  const address = inheritedEnv()["NEXTAUTH_URL"] || url;
  if (!URL.canParse(address))
    throw new StartError("NEXTAUTH_URL cannot be used: it is no address.");
  return new URL(address);
}

type Places = { address: string; verifierPort: number; witness: WitnessPlan | null };

function startProcesses(
  args: StartArgs,
  secrets: Secrets,
  database: Database,
  { address, verifierPort, witness }: Places,
): Children {
  const children = new Children(join(args.home, "logs"), () => {
    writePids(args.home, children.pids());
  });
  const given = inheritedEnv();
  const base = processEnv(given, args);
  const web = {
    ...base,
    DATABASE_URL_WEB: database.env.DATABASE_URL_WEB,
    NEXTAUTH_URL: address,
    COUNTERSIGN_VERIFIER_PORT: String(verifierPort),
    NEXTAUTH_SECRET: given["NEXTAUTH_SECRET"] ?? secrets.session,
    COUNTERSIGN_SEAL_PUBLIC: publicKeyOf(secrets.sealPrivate),
  };
  const next = [
    ...["--import", "./lib/cli/web-front.ts", "node_modules/next/dist/bin/next"],
    ...[args.dev ? "dev" : "start", "-p", String(args.port), "-H", args.host],
  ];
  children.start({ name: "web", args: next, env: web });
  children.start({
    name: "worker",
    args: ["lib/cli/worker.ts"],
    env: {
      ...base,
      ...only(given, "ANTHROPIC_API_KEY", "COUNTERSIGN_SMTP_URL"),
      ...only(given, "COUNTERSIGN_NOTICE_WEBHOOK", "COUNTERSIGN_NOTICE_WEBHOOK_KEYS"),
      NEXTAUTH_URL: address,
      DATABASE_URL_WORKER: database.env.DATABASE_URL_WORKER,
      COUNTERSIGN_SEAL_PRIVATE: secrets.sealPrivate,
    },
  });
  children.start({
    name: "signer",
    args: ["lib/cli/signer.ts"],
    env: { ...base, ...witness?.signer, DATABASE_URL_SIGNER: database.env.DATABASE_URL_SIGNER },
  });
  if (witness) children.start({ name: "witness", args: witness.args, env: base });
  children.start({
    name: "verifier",
    args: ["lib/cli/verifier.ts"],
    env: {
      ...base,
      NEXTAUTH_URL: address,
      COUNTERSIGN_VERIFIER_PORT: String(verifierPort),
      DATABASE_URL_VERIFIER: database.env.DATABASE_URL_VERIFIER,
    },
  });
  return children;
}

function only(given: NodeJS.ProcessEnv, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (given[name] ? [[name, given[name]]] : [])));
}

/** Each process gets its own secrets besides this; none gets another's, and the administrator's is for none. */
function processEnv(given: NodeJS.ProcessEnv, args: StartArgs): NodeJS.ProcessEnv {
  const plain = Object.entries(given).filter(([name]) => !SECRET_SETTING.test(name));
  return {
    ...Object.fromEntries(plain),
    NODE_ENV: args.dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    COUNTERSIGN_HOME: args.home,
  };
}

async function untilHealthy(address: string): Promise<void> {
  const end = Date.now() + READY_MS;
  let last = "no answer";
  while (Date.now() < end) {
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok) return;
    if (answer) last = await answer.text();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new StartError(
    `${address} did not become ready within a minute (${last.slice(0, 300)}). See the logs.`,
  );
}

function sayReady(url: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`\n  Ready after ${seconds} s at ${url}`);
}

function sayModel(url: string): void {
  const model = modelEnv()?.model;
  if (model === undefined) return;
  say(`
  Model of the environment: ${model}. It is saved as "environment" and tried out; nothing of an incident goes
  to it before an admin has evaluated it and switched it on: ${url}/models`);
}
