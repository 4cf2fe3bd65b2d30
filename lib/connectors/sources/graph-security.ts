import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { add, finish, newDraft, put, putHash, putSeverity } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { firstTime } from "./times.ts";
import { at, firstAt, idText, isObj, objAt, objsAt, text } from "./values.ts";
import type { Obj } from "./values.ts";

export function isGraphSecurity(o: Obj): boolean {
  const type = o["@odata.type"];
  if (typeof type === "string" && /graph\.security\.(?:alert|incident)$/.test(type)) return true;
  if ("incidentWebUrl" in o && ("alerts" in o || "displayName" in o || "alertWebUrl" in o))
    return true;
  return "firstActivityDateTime" in o && ("serviceSource" in o || "detectionSource" in o);
}

/** Microsoft Graph security API: an alerts_v2 alert, or an incident (its alerts come beside it). */
export function normaliseGraphSecurity(o: Obj, now?: Date): NormalRecord {
  const type = text(o["@odata.type"]) ?? "";
  const incident =
    type.endsWith(".incident") ||
    (!type.endsWith(".alert") && !("alertWebUrl" in o) && "displayName" in o);
  return incident ? graphIncident(o, now) : graphAlert(o, now);
}

function graphIncident(o: Obj, now?: Date): NormalRecord {
  const draft = newDraft("graph-security", "incident");
  const id = idText(o.id);
  draft.recordId = id === null ? null : `incident/${id}`;
  draft.sourceIncidentId = id;
  draft.alertIds = objsAt(o, "alerts")
    .map((alert) => idText(alert.id))
    .filter((a) => a !== null);
  draft.moment = firstTime([o.createdDateTime, o.lastUpdateDateTime], now);
  put(draft, "vendor", "Microsoft");
  put(draft, "event.class", "incident_finding");
  put(draft, "product", "Microsoft Defender XDR");
  put(draft, "alert.title", o.displayName);
  put(draft, "alert.description", o.description ?? o.summary);
  put(draft, "ticket.id", id);
  put(draft, "ticket.status", o.status);
  put(draft, "ticket.owner", o.assignedTo);
  putSeverity(draft, o.severity, "words");
  draft.title = text(o.displayName) ?? `incident ${id ?? ""} of Microsoft Defender`;
  return finish(draft);
}

function graphAlert(o: Obj, now?: Date): NormalRecord {
  const draft = newDraft("graph-security", "alert");
  draft.recordId = idText(o.id);
  draft.sourceIncidentId = idText(o.incidentId);
  draft.moment = firstTime([o.firstActivityDateTime, o.createdDateTime], now);
  put(draft, "event.end", o.lastActivityDateTime);
  put(draft, "event.created", o.createdDateTime);
  put(draft, "event.class", "detection_finding");
  put(draft, "vendor", "Microsoft");
  put(draft, "product", text(o.productName) ?? o.serviceSource);
  put(draft, "log", o.detectionSource);
  put(draft, "alert.title", o.title);
  put(draft, "alert.description", o.description);
  put(draft, "alert.category", o.category);
  put(draft, "alert.status", o.status);
  put(draft, "rule.id", o.detectorId ?? o.alertPolicyId);
  put(draft, "rule.name", o.title);
  putSeverity(draft, o.severity, "words");
  put(draft, "technique.original", o.mitreTechniques);
  for (const evidence of objsAt(o, "evidence")) readEvidence(draft, evidence);
  put(draft, "outcome", outcomeOf(o));
  draft.title = text(o.title) ?? "alert without a title";
  return finish(draft);
}

/** What became of it: only a remediation that was carried out blocks anything. */
function outcomeOf(o: Obj): string | undefined {
  const statuses = new Set(
    objsAt(o, "evidence").flatMap((e) => [text(e.remediationStatus), text(e.detectionStatus)]),
  );
  if (statuses.has("prevented") || statuses.has("blocked")) return "blocked";
  if (statuses.has("detected")) return "detected";
  return undefined;
}

function readEvidence(draft: Draft, e: Obj): void {
  const type = (text(e["@odata.type"]) ?? "").split(".").at(-1) ?? "";
  const read = READERS[type];
  if (read) read(draft, e);
  else readOther(draft, e);
}

const READERS: Record<string, (draft: Draft, e: Obj) => void> = {
  deviceEvidence(draft, e) {
    add(draft, "host", firstAt(e, "deviceDnsName", "hostName"));
    put(draft, "host.id", e.mdeDeviceId ?? e.azureAdDeviceId);
    for (const ip of list(e.ipInterfaces)) add(draft, "host.ip", ip);
    for (const user of objsAt(e, "loggedOnUsers")) draft.seen.see("user", user.accountName);
  },
  userEvidence: (draft, e) => putUser(draft, objAt(e, "userAccount")),
  mailboxEvidence(draft, e) {
    add(draft, "email.to", e.primaryAddress);
    putUser(draft, objAt(e, "userAccount"));
  },
  ipEvidence: (draft, e) => add(draft, "source.ip", e.ipAddress),
  urlEvidence: (draft, e) => putUrl(draft, e.url),
  processEvidence: readProcess,
  fileEvidence: (draft, e) => putFile(draft, objAt(e, "fileDetails")),
  registryKeyEvidence(draft, e) {
    const key = [text(e.registryHive), text(e.registryKey)].filter(Boolean).join("\\");
    add(draft, "registry.key", key);
  },
  registryValueEvidence(draft, e) {
    const key = [text(e.registryHive), text(e.registryKey)].filter(Boolean).join("\\");
    add(draft, "registry.key", key);
    put(draft, "registry.value", e.registryValue);
  },
  analyzedMessageEvidence(draft, e) {
    put(draft, "email.subject", e.subject);
    add(draft, "email.to", e.recipientEmailAddress);
    add(draft, "email.from", firstAt(e, "p1Sender.emailAddress", "p2Sender.emailAddress"));
    add(draft, "source.ip", e.senderIp);
    for (const url of list(e.urls)) putUrl(draft, url);
  },
  cloudApplicationEvidence: (draft, e) => put(draft, "cloud.resource", e.displayName),
  azureResourceEvidence: (draft, e) => put(draft, "cloud.resource", e.resourceId ?? e.resourceName),
  amazonResourceEvidence(draft, e) {
    put(draft, "cloud.arn", e.amazonResourceId);
    put(draft, "cloud.account", e.amazonAccountId);
  },
};

function readOther(draft: Draft, e: Obj): void {
  if (isObj(e.userAccount)) putUser(draft, e.userAccount);
  if (isObj(e.fileDetails)) putFile(draft, e.fileDetails);
  if (e.ipAddress !== undefined) add(draft, "source.ip", e.ipAddress);
  if (e.url !== undefined) putUrl(draft, e.url);
}

function readProcess(draft: Draft, e: Obj): void {
  const path = join(objAt(e, "imageFile"));
  const parent = join(objAt(e, "parentProcessImageFile"));
  draft.seen.see("process", path);
  draft.seen.see("process", parent);
  putHash(draft, at(e, "imageFile.sha1"));
  putHash(draft, at(e, "imageFile.sha256"));
  putUser(draft, objAt(e, "userAccount"));
  // The fields tell of one process only: its name, command line and parent belong together.
  const first =
    draft.fields["process.path"] === undefined && draft.fields["process.pid"] === undefined;
  if (!first) {
    draft.seen.see("file", path);
    return;
  }
  put(draft, "process.path", path);
  put(draft, "process.pid", e.processId);
  put(draft, "process.command_line", e.processCommandLine);
  put(draft, "parent.path", parent);
  put(draft, "parent.pid", e.parentProcessId);
}

/** Graph gives the folder and the name apart. */
function join(file: Obj): string | undefined {
  const name = text(file.fileName);
  const folder = text(file.filePath);
  if (name === undefined || folder === undefined) return name ?? folder;
  if (folder.toLowerCase().endsWith(name.toLowerCase())) return folder;
  return `${folder.replace(/[\\/]$/, "")}${folder.includes("/") ? "/" : "\\"}${name}`;
}

function putFile(draft: Draft, file: Obj): void {
  const path = join(file);
  if (path !== undefined) add(draft, "file.path", path);
  putHash(draft, file.sha1);
  putHash(draft, file.sha256);
  putHash(draft, file.md5);
}

function putUser(draft: Draft, user: Obj): void {
  if (text(user.accountName) === undefined && text(user.userPrincipalName) === undefined) return;
  add(draft, "user", user.accountName ?? user.userPrincipalName);
  put(draft, "user.domain", user.domainName);
  put(draft, "user.sid", user.userSid);
  put(draft, "user.email", user.userPrincipalName);
  draft.seen.see("user", user.accountName);
}

function putUrl(draft: Draft, url: unknown): void {
  add(draft, "url.full", url);
  const written = text(url);
  if (written && URL.canParse(written)) add(draft, "url.domain", new URL(written).hostname);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
