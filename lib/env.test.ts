import { afterEach, expect, test, vi } from "vitest";
import {
  adminDatabaseUrl,
  authEnv,
  databaseUrl,
  EnvError,
  homeDirectory,
  logLevel,
  mailSender,
  mailServer,
  modelEnv,
  noticeWebhook,
} from "./env.ts";

afterEach(() => vi.unstubAllEnvs());

test("a login's connection string is read by its name, and its absence is one sentence", () => {
  vi.stubEnv("DATABASE_URL_WEB", "postgresql://web@127.0.0.1/x");
  vi.stubEnv("DATABASE_URL_SIGNER", "");
  expect(databaseUrl("web")).toBe("postgresql://web@127.0.0.1/x");
  expect(() => databaseUrl("signer")).toThrow(new EnvError("DATABASE_URL_SIGNER is not set."));
});

test("a value that cannot be used is named, and not shown", () => {
  vi.stubEnv("DATABASE_URL", "mysql://secret");
  expect(() => adminDatabaseUrl()).toThrow(
    new EnvError("DATABASE_URL cannot be used: must start with postgresql://."),
  );
  vi.stubEnv("NEXTAUTH_SECRET", "short");
  expect(() => authEnv()).toThrow(
    "NEXTAUTH_SECRET cannot be used: must have at least 32 characters.",
  );
});

test("a model needs an id, and a key or an address", () => {
  vi.stubEnv("ANTHROPIC_API_KEY", "");
  vi.stubEnv("ANTHROPIC_BASE_URL", "");
  vi.stubEnv("ANTHROPIC_MODEL", "some-model");
  expect(modelEnv()).toBeNull();
  vi.stubEnv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9");
  expect(modelEnv()).toEqual({ model: "some-model", apiKey: null, baseUrl: "http://127.0.0.1:9" });
  vi.stubEnv("ANTHROPIC_MODEL", "");
  expect(modelEnv()).toBeNull();
});

test("what is not set has its default", () => {
  vi.stubEnv("COUNTERSIGN_HOME", "");
  vi.stubEnv("LOG_LEVEL", "");
  expect(homeDirectory().endsWith("/.data")).toBe(true);
  expect(logLevel()).toBe("info");
});

test("a mail server is an address of SMTP, and what cannot be used of it is not shown", () => {
  vi.stubEnv("COUNTERSIGN_SMTP_URL", "");
  vi.stubEnv("COUNTERSIGN_MAIL_FROM", "");
  expect([mailServer(), mailSender()]).toEqual([null, null]);
  vi.stubEnv("COUNTERSIGN_SMTP_URL", "smtps://desk:secret@mail.example");
  vi.stubEnv("COUNTERSIGN_MAIL_FROM", "countersign@desk.example");
  expect(mailServer()?.hostname).toBe("mail.example");
  expect(mailSender()).toBe("countersign@desk.example");
  vi.stubEnv("COUNTERSIGN_SMTP_URL", "https://secret@mail.example");
  vi.stubEnv("COUNTERSIGN_MAIL_FROM", "Countersign <a@b.example>");
  expect(() => mailServer()).toThrow("COUNTERSIGN_SMTP_URL cannot be used: must start with smtp");
  expect(() => mailSender()).toThrow(/^COUNTERSIGN_MAIL_FROM cannot be used/);
});

test("a webhook of notices needs keys; several stand side by side", () => {
  vi.stubEnv("COUNTERSIGN_NOTICE_WEBHOOK", "");
  expect(noticeWebhook()).toBeNull();
  vi.stubEnv("COUNTERSIGN_NOTICE_WEBHOOK", "https://soar.example/hook");
  vi.stubEnv("COUNTERSIGN_NOTICE_WEBHOOK_KEYS", "");
  expect(() => noticeWebhook()).toThrow("COUNTERSIGN_NOTICE_WEBHOOK_KEYS is not set.");
  vi.stubEnv("COUNTERSIGN_NOTICE_WEBHOOK_KEYS", "whsec_a whsec_b");
  vi.stubEnv("COUNTERSIGN_NOTICE_NETWORKS", "10.1.0.0/16, 10.2.0.0/16");
  expect(noticeWebhook()).toEqual({
    url: "https://soar.example/hook",
    keys: ["whsec_a", "whsec_b"],
    networks: ["10.1.0.0/16", "10.2.0.0/16"],
  });
});
