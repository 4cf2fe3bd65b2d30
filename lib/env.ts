import { homedir } from "node:os";
import { resolve } from "node:path";
import { z } from "zod";

/** The database logins; each process uses the one it needs and knows no other. */
export const LOGINS = ["owner", "web", "worker", "signer", "verifier", "auditor"] as const;
export type Login = (typeof LOGINS)[number];

/** A setting is missing or cannot be used; the message names it and is safe to print. */
export class EnvError extends Error {
  override name = "EnvError";
}

/** The connection string of one login, from `DATABASE_URL_<LOGIN>`. */
export function databaseUrl(login: Login): string {
  return read(`DATABASE_URL_${login.toUpperCase()}`, postgresUrl);
}

/** A Postgres of the operator's own (`DATABASE_URL`, a user that may create roles), or null for the embedded one. */
export function adminDatabaseUrl(): string | null {
  return read("DATABASE_URL", postgresUrl.optional()) ?? null;
}

/** The address people use; passkeys are bound to it. */
export function publicAddress(): URL {
  return new URL(read("NEXTAUTH_URL", z.url().default("http://localhost:3000")));
}

/** What signing in needs: the address people use and the key that seals the cookie (at least 32 characters). */
export function authEnv(): { url: string; secret: string } {
  return {
    url: read("NEXTAUTH_URL", z.url().default("http://localhost:3000")),
    secret: read("NEXTAUTH_SECRET", z.string().min(32, "must have at least 32 characters")),
  };
}

/**
 * How to reach a language model, or null when none is configured. A model id is needed always; a key or a base
 * URL besides it (a local server may need no key).
 */
export function modelEnv(): {
  model: string;
  apiKey: string | null;
  baseUrl: string | null;
} | null {
  const apiKey = read("ANTHROPIC_API_KEY", z.string().optional()) ?? null;
  const baseUrl = read("ANTHROPIC_BASE_URL", z.url().optional()) ?? null;
  if (!apiKey && !baseUrl) return null;
  const model = read("ANTHROPIC_MODEL", z.string().optional());
  return model ? { model, apiKey, baseUrl } : null;
}

/**
 * What seals a model's key for the worker: the web process has the public key only, and without one no key can be
 * saved. 32 bytes as base64url.
 */
export function sealPublicKey(): string | null {
  return read("COUNTERSIGN_SEAL_PUBLIC", sealKey.optional()) ?? null;
}

/** What opens it again; for the worker alone. */
export function sealPrivateKey(): string | null {
  return read("COUNTERSIGN_SEAL_PRIVATE", sealKey.optional()) ?? null;
}

/** Where the verifier of passkey signatures listens, on this machine only; for itself and for the web process. */
export function verifierPort(): number {
  return read("COUNTERSIGN_VERIFIER_PORT", z.coerce.number().int().min(1).max(65_535));
}

/**
 * The mail server that notices go through (smtp: or smtps:, with its user and password; for the worker alone), or null
 * when none is configured.
 */
export function mailServer(): URL | null {
  const url = read("COUNTERSIGN_SMTP_URL", smtpUrl.optional());
  return url ? new URL(url) : null;
}

/** Who notices by mail are from, an address; null: this desk sends none. */
export function mailSender(): string | null {
  return read("COUNTERSIGN_MAIL_FROM", z.email().optional()) ?? null;
}

/**
 * Where notices are posted to, or null: the address, the keys that sign (`whsec_` or `whsk_`, the one in force first),
 * and networks of one's own that it may lie in (CIDR). For the worker alone.
 */
export function noticeWebhook(): { url: string; keys: string[]; networks: string[] } | null {
  const url = read("COUNTERSIGN_NOTICE_WEBHOOK", z.url().optional());
  if (!url) return null;
  return {
    url,
    keys: words(read("COUNTERSIGN_NOTICE_WEBHOOK_KEYS", z.string())),
    networks: words(read("COUNTERSIGN_NOTICE_NETWORKS", z.string().default(""))),
  };
}

/**
 * The witness that cosigns checkpoints, for the signer alone, or null when none is set: its submission prefix
 * (C2SP tlog-witness), and its verifier key or the path of a file that holds it.
 */
export function witnessEnv(): { url: string; key: string } | null {
  const url = read("COUNTERSIGN_WITNESS_URL", z.url().optional());
  return url ? { url, key: read("COUNTERSIGN_WITNESS_KEY", z.string()) } : null;
}

/**
 * The time-stamping authority (RFC 3161) whose tokens checkpoints get each hour, for the signer alone, or null when none
 * is set: its address, and the PEM file of CAs that it is believed under.
 */
export function tsaEnv(): { url: string; caFile: string } | null {
  const url = read("COUNTERSIGN_TSA_URL", z.url().optional());
  return url ? { url, caFile: resolve(read("COUNTERSIGN_TSA_CA", z.string())) } : null;
}

function words(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** The product's own folder (database, secrets, demo.json); absolute. */
export function homeDirectory(): string {
  return resolve(
    read("COUNTERSIGN_HOME", z.string().default(".data")).replace(/^~(?=\/)/, homedir()),
  );
}

/** The organisation whose trail this is; part of the name in its checkpoints, so it must never change. */
export function organisation(): string {
  return read(
    "COUNTERSIGN_ORG",
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, "must be a short lower-case name")
      .default("local"),
  );
}

/** A folder with shared sample data for tests and benches, or null; no part of the product. */
export function sampleDataDirectory(): string | null {
  const path = read("COUNTERSIGN_DATA_DIR", z.string().optional());
  return path ? resolve(path) : null;
}

/** A browser for the tests, when the operator names one. */
export function browserPath(): string | null {
  return read("COUNTERSIGN_BROWSER", z.string().optional()) ?? null;
}

/** Requests one caller may make of one web process within ten seconds. */
export function requestsPerTenSeconds(): number {
  return read("COUNTERSIGN_RATE", z.coerce.number().int().min(1).default(1000));
}

/** Reverse proxies in front of the web process, each of which adds to X-Forwarded-For; 0: its entries are not believed. */
export function proxyCount(): number {
  return read("COUNTERSIGN_PROXIES", z.coerce.number().int().min(0).max(10).default(0));
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

export function logLevel(): (typeof LOG_LEVELS)[number] {
  return read("LOG_LEVEL", z.enum(LOG_LEVELS).default("info"));
}

/** The whole environment, for a supervisor that starts other processes; read no setting from it. */
export function inheritedEnv(): NodeJS.ProcessEnv {
  return { ...process.env };
}

/** How Postgres is reached over TLS and which authorities are trusted: no secrets, and a child without them may connect in clear. */
const TRANSPORT = /^(PGSSL[A-Z]*|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|TZ)$/;

/** What a process that is to know no secret has of this one's environment. */
export function transportEnv(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => TRANSPORT.test(name)));
}

const sealKey = z.string().regex(/^[\w-]{43}$/, "must be 32 bytes as base64url");
const smtpUrl = z.url().regex(/^smtps?:\/\//, "must start with smtp:// or smtps://");
const postgresUrl = z.string().regex(/^postgres(ql)?:\/\//, "must start with postgresql://");

function read<T>(name: string, schema: z.ZodType<T>): T {
  const given = process.env[name];
  const parsed = schema.safeParse(given === "" ? undefined : given);
  if (parsed.success) return parsed.data;
  if (given === undefined || given === "") throw new EnvError(`${name} is not set.`);
  throw new EnvError(
    `${name} cannot be used: ${parsed.error.issues[0]?.message ?? "it is malformed"}.`,
  );
}
