import { put, putSeverity, shown } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { datedId } from "./dated-id.ts";
import type { Flat } from "./generic-flat.ts";
import { ipText, text } from "./values.ts";

/** Sources that come in through the generic form and whose meaning a name table would miss. */
const VENDORS: { is: (flat: Flat) => boolean; fill: (draft: Draft, flat: Flat) => void }[] = [
  { is: (f) => f.has("eventsource") && f.has("eventname") && f.has("awsregion"), fill: cloudTrail },
  { is: (f) => f.has("eventtype") && f.has("outcome.result") && f.has("published"), fill: okta },
  { is: (f) => f.has("rule.level") && f.has("agent.id") && f.has("rule.description"), fill: wazuh },
  { is: (f) => f.has("service.action.actiontype") || isGuardDuty(f), fill: guardDuty },
  { is: (f) => f.has("priority") && f.has("rule") && f.has("output"), fill: falco },
  { is: (f) => f.has("properties.userprincipalname") && f.has("resulttype"), fill: entra },
];

/** Fills what only the product's own rules tell: outcome, kind, severity. */
export function fillVendor(draft: Draft, flat: Flat): void {
  VENDORS.find((vendor) => vendor.is(flat))?.fill(draft, flat);
}

function isGuardDuty(flat: Flat): boolean {
  return (
    /^[A-Za-z]+:[A-Za-z0-9]+\/[A-Za-z]/.test(text(flat.get("type")) ?? "") && flat.has("severity")
  );
}

/** An error code is a failure; a console sign-in says how it ended in its response. */
function cloudTrail(draft: Draft, flat: Flat): void {
  put(draft, "vendor", "AWS");
  put(draft, "event.class", "api_activity");
  const console = text(flat.get("responseelements.consolelogin"))?.toLowerCase();
  const failed = text(flat.get("errorcode")) !== undefined || console === "failure";
  put(draft, "outcome", failed ? "failure" : "success");
  if (text(flat.get("eventname")) === "ConsoleLogin") {
    draft.fields["event.class"] = "authentication";
    put(draft, "target.user", flat.get("useridentity.username"));
  }
  const caller = flat.get("sourceipaddress");
  if (ipText(caller) === undefined) put(draft, "source.host", caller);
  const key = flat.get("useridentity.accesskeyid");
  if (key !== undefined) draft.seen.see("cloud", key);
  put(draft, "message", flat.get("errormessage") ?? flat.get("errorcode"));
}

/** Okta's severity is a log level; CHALLENGE is neither success nor failure. */
function okta(draft: Draft, flat: Flat): void {
  put(draft, "vendor", "Okta");
  put(draft, "product", "Okta");
  const signIn = /^user\.(?:session\.start|authentication)/.test(text(flat.get("eventtype")) ?? "");
  put(draft, "event.class", signIn ? "authentication" : undefined);
  if (signIn) put(draft, "target.user", flat.get("actor.alternateid"));
}

function wazuh(draft: Draft, flat: Flat): void {
  draft.kind = "alert";
  put(draft, "vendor", "Wazuh");
  put(draft, "product", "Wazuh");
  put(draft, "alert.title", flat.get("rule.description"));
  put(draft, "rule.name", flat.get("rule.description"));
  put(draft, "tactic", flat.get("rule.mitre.tactic"));
  putSeverity(draft, flat.get("rule.level"), "wazuh");
  const id = text(flat.get("id"));
  draft.recordId = id === undefined ? null : datedId(id, draft.moment);
  draft.title = text(flat.get("rule.description"));
  put(draft, "event.code", flat.get("data.win.system.eventid"));
  put(draft, "host", flat.get("data.win.system.computer"));
  put(draft, "process.path", flat.get("data.win.eventdata.image"));
  put(draft, "process.command_line", flat.get("data.win.eventdata.commandline"));
  put(draft, "parent.path", flat.get("data.win.eventdata.parentimage"));
  put(draft, "target.user", flat.get("data.win.eventdata.targetusername"));
  put(draft, "user", flat.get("data.win.eventdata.user"));
  put(draft, "source.ip", flat.get("data.win.eventdata.ipaddress"));
}

function guardDuty(draft: Draft, flat: Flat): void {
  draft.kind = "alert";
  put(draft, "vendor", "AWS");
  put(draft, "product", "GuardDuty");
  put(draft, "rule.id", flat.get("type"));
  put(draft, "alert.category", flat.get("type"));
  putSeverity(draft, flat.get("severity"), "guardduty");
  const id = text(flat.get("id"));
  draft.recordId = id === undefined ? null : datedId(id, draft.moment);
  put(draft, "alert.title", flat.get("title"));
  draft.title = shown(draft.fields, "alert.title") ?? text(flat.get("type"));
}

function falco(draft: Draft, flat: Flat): void {
  draft.kind = "alert";
  put(draft, "product", "Falco");
  put(draft, "alert.title", flat.get("rule"));
  put(draft, "user", flat.get("output_fields.user.name"));
  put(draft, "technique.original", tagged(flat.get("tags")));
  putSeverity(draft, flat.get("priority"), "words");
  draft.title = text(flat.get("rule"));
}

function tagged(tags: unknown): string[] {
  return Array.isArray(tags)
    ? tags.filter((tag): tag is string => /^T\d{4}/.test(String(tag)))
    : [];
}

/** resultType is a string: "0" succeeded, anything else did not. */
function entra(draft: Draft, flat: Flat): void {
  put(draft, "vendor", "Microsoft");
  put(draft, "product", "Entra ID");
  put(draft, "event.class", "authentication");
  const code = text(flat.get("resulttype"));
  put(draft, "event.code", code);
  put(draft, "outcome", code === "0" ? "success" : "failure");
  put(draft, "target.user", flat.get("properties.userprincipalname"));
}
