import { configureResponderInput } from "#lib/contracts/responder-inputs.ts";
import type { ConfigureResponderInput } from "#lib/contracts/responder-inputs.ts";
import type { ResponderView } from "#lib/contracts/responder-views.ts";
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import { RESPONDER_SERVES } from "#lib/domain/decision/responder.ts";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";

/** What a person edits: lists are lines of a text, numbers are text, until they are read. */
export type ResponderForm = {
  name: string;
  kind: ResponderKind;
  actions: ResponseActionKind[];
  newToken: boolean;
  scheme: "SSWS" | "Bearer";
  readsLog: boolean;
} & Record<TextName, string>;

const TEXT_NAMES = [
  "url",
  "keys",
  "tenant",
  "clientId",
  "clientSecret",
  "apiUrl",
  "loginUrl",
  "graphUrl",
  "orgUrl",
  "token",
  "networks",
  "ca",
  "domains",
  "days",
] as const;
export type TextName = (typeof TEXT_NAMES)[number];

/** By the name of a field. */
export type ResponderErrors = Partial<Record<TextName | "name" | "actions", string>>;

const EMPTY = Object.fromEntries(TEXT_NAMES.map((name) => [name, ""])) as Record<TextName, string>;

/** An empty form of a kind, or the form of a responder in force; credentials are never in it. */
export function responderFormOf(
  from: Pick<ResponderView, "name" | "kind" | "actions" | "settings"> | null,
  free: readonly ResponseActionKind[] = [],
): ResponderForm {
  const kind = from?.kind ?? "webhook";
  const form: ResponderForm = {
    ...EMPTY,
    days: "30",
    name: from?.name ?? "",
    kind,
    actions: from?.actions ?? freeOf(kind, free),
    newToken: false,
    scheme: "SSWS",
    readsLog: true,
  };
  if (!from) return form;
  const texts = Object.entries(from.settings).map(([name, value]) => [name, shown(value)]);
  return { ...form, ...(Object.fromEntries(texts) as Partial<ResponderForm>) };
}

/** Of what a kind can do, what nobody serves yet. */
export function freeOf(
  kind: ResponderKind,
  free: readonly ResponseActionKind[],
): ResponseActionKind[] {
  return RESPONDER_SERVES[kind].filter((action) => free.includes(action));
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.join("\n");
  if (value === null) return "";
  return typeof value === "number" ? String(value) : value;
}

export type ReadResponder =
  | { ok: true; input: ConfigureResponderInput }
  | { ok: false; errors: ResponderErrors };

/** Reads the form by the very schema the server asks; of several errors of a field the first is told. */
export function readResponder(form: ResponderForm, replaces: string | null): ReadResponder {
  const { name, actions, newToken } = form;
  const setup = { kind: form.kind, settings: settingsOf(form), credentials: credentialsOf(form) };
  const parsed = configureResponderInput.safeParse({ name, actions, setup, replaces, newToken });
  if (parsed.success) return { ok: true, input: parsed.data };
  const errors: ResponderErrors = {};
  for (const { path, message } of parsed.error.issues) {
    const field = path.findLast((part) => typeof part === "string") as keyof ResponderErrors;
    errors[field] ??= message;
  }
  return { ok: false, errors };
}

function settingsOf(form: ResponderForm): object {
  const where = { networks: linesOf(form.networks), ca: form.ca.trim() || null };
  const { tenant, clientId } = form;
  const apiUrl = form.apiUrl.trim() || null;
  const loginUrl = form.loginUrl.trim() || null;
  switch (form.kind) {
    case "simulated":
      return {};
    case "webhook":
      return { url: form.url, ...where };
    case "defender":
      return { tenant, clientId, apiUrl, loginUrl, ...where };
    case "crowdstrike":
      return { clientId, apiUrl, ...where };
    case "okta":
      return { orgUrl: form.orgUrl, scheme: form.scheme, readsLog: form.readsLog, ...where };
    case "entra":
      return { tenant, clientId, graphUrl: form.graphUrl.trim() || null, loginUrl, ...where };
    case "block_list": {
      const days = /^\d{1,3}$/.test(form.days.trim()) ? Number(form.days) : Number.NaN;
      return { networks: where.networks, domains: linesOf(form.domains), days };
    }
  }
}

function credentialsOf(form: ResponderForm): object | null {
  switch (form.kind) {
    case "simulated":
    case "block_list":
      return null;
    case "webhook":
      return { keys: linesOf(form.keys) };
    case "okta":
      return { token: form.token };
    case "defender":
    case "crowdstrike":
    case "entra":
      return { clientSecret: form.clientSecret };
  }
}

function linesOf(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
