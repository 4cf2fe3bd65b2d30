import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { add, finish, newDraft, put, putHash, putSeverity } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { resolveEntities } from "./sentinel-entities.ts";
import { firstTime } from "./times.ts";
import { at, embedded, firstAt, idText, isObj, objAt, objsAt, text } from "./values.ts";
import type { Obj } from "./values.ts";

export function isSentinel(o: Obj): boolean {
  if (o.Type === "SecurityAlert" || o.Type === "SecurityIncident") return true;
  return "SystemAlertId" in o || isIncidentRow(o);
}

function isIncidentRow(o: Obj): boolean {
  if (o.Type === "SecurityIncident") return true;
  return (
    "IncidentNumber" in o && ("AlertIds" in o || "ProviderIncidentId" in o || "IncidentName" in o)
  );
}

/** A row of Sentinel's SecurityAlert or SecurityIncident table. */
export function normaliseSentinel(o: Obj, now?: Date): NormalRecord {
  return isIncidentRow(o) && !("SystemAlertId" in o) ? incidentRow(o, now) : alertRow(o, now);
}

function incidentRow(o: Obj, now?: Date): NormalRecord {
  const draft = newDraft("sentinel", "incident");
  const number = idText(o.IncidentNumber) ?? idText(o.ProviderIncidentId);
  const name = idText(o.IncidentName) ?? number;
  // The table gets a row for every change of an incident: the time of the change tells them apart.
  const changed = text(firstAt(o, "LastModifiedTime", "TimeGenerated"));
  draft.recordId = name === null ? null : `incident/${name}/${changed ?? ""}`;
  draft.sourceIncidentId = idText(o.ProviderIncidentId) ?? number;
  const ids = embedded(o.AlertIds);
  draft.alertIds = (Array.isArray(ids) ? ids : []).map(idText).filter((id) => id !== null);
  draft.moment = firstTime([o.FirstActivityTime, o.CreatedTime, o.TimeGenerated], now);
  const extra = embedded(o.AdditionalData);
  put(draft, "event.class", "incident_finding");
  put(draft, "event.end", o.LastActivityTime);
  put(draft, "event.created", o.CreatedTime);
  put(draft, "vendor", "Microsoft");
  put(draft, "product", o.ProviderName ?? "Microsoft Sentinel");
  put(draft, "alert.title", o.Title);
  put(draft, "alert.description", o.Description);
  put(draft, "ticket.id", number);
  put(draft, "ticket.status", o.Status);
  const owner = embedded(o.Owner);
  put(draft, "ticket.owner", firstAt(owner, "assignedTo", "userPrincipalName", "email"));
  putSeverity(draft, o.Severity, "words");
  putTactics(draft, at(extra, "tactics"));
  put(draft, "technique.original", at(extra, "techniques"));
  draft.title = text(o.Title) ?? `incident ${number ?? ""}`;
  return finish(draft);
}

function alertRow(o: Obj, now?: Date): NormalRecord {
  const draft = newDraft("sentinel", "alert");
  const extra = embedded(o.ExtendedProperties);
  draft.recordId = idText(o.SystemAlertId);
  draft.sourceIncidentId = idText(at(extra, "IncidentId"));
  draft.moment = firstTime([o.StartTime, o.StartTimeUtc, o.EndTime, o.TimeGenerated], now);
  put(draft, "event.class", "detection_finding");
  put(draft, "event.end", firstAt(o, "EndTime", "EndTimeUtc"));
  put(draft, "event.created", firstAt(o, "ProcessingEndTime", "TimeGenerated"));
  put(draft, "vendor", o.VendorName);
  put(draft, "product", firstAt(o, "ProductName", "ProviderName"));
  put(draft, "log", o.ProviderName);
  put(draft, "alert.title", firstAt(o, "DisplayName", "AlertName"));
  put(draft, "rule.name", firstAt(o, "AlertName", "AlertDisplayName", "DisplayName"));
  put(draft, "rule.id", o.AlertType);
  put(draft, "alert.description", o.Description);
  put(draft, "alert.category", at(extra, "MicrosoftDefenderAtp.Category"));
  put(draft, "alert.status", o.Status);
  putSeverity(draft, firstAt(o, "AlertSeverity", "Severity"), "words");
  putTactics(draft, o.Tactics);
  putTechniques(draft, o);
  for (const entity of resolveEntities(embedded(o.Entities))) readEntity(draft, entity);
  // A hint only: it can be a host, an account or a resource; a known host says it better.
  const compromised = text(o.CompromisedEntity);
  if (compromised && draft.fields.host === undefined && draft.fields.user === undefined) {
    put(draft, compromised.includes("@") ? "user" : "host", compromised);
  }
  draft.title = text(firstAt(o, "DisplayName", "AlertName")) ?? "alert without a title";
  return finish(draft);
}

/** A comma string, or a JSON array in a string; "Unknown" says nothing. */
function putTactics(draft: Draft, value: unknown): void {
  const list = embedded(value);
  put(draft, "tactic", Array.isArray(list) ? list : text(value));
}

function putTechniques(draft: Draft, o: Obj): void {
  for (const column of ["Techniques", "SubTechniques"]) {
    const list = embedded(o[column]);
    if (Array.isArray(list)) put(draft, "technique.original", list);
    else
      for (const one of (text(o[column]) ?? "").split(",")) put(draft, "technique.original", one);
  }
}

function readEntity(draft: Draft, e: Obj): void {
  switch (text(e.Type)?.toLowerCase()) {
    case "host":
      return readHost(draft, e);
    case "account":
      return readAccount(draft, e);
    case "ip":
      return add(draft, "source.ip", firstAt(e, "Address", "address"));
    case "process":
      return readProcess(draft, e);
    case "file":
      return readFile(draft, e);
    case "filehash":
      return putHash(draft, e.Value);
    case "url":
      add(draft, "url.full", e.Url);
      return addHostOf(draft, e.Url);
    case "dns":
      return add(draft, "dns.question", e.DomainName);
    case "registry-key":
    case "registrykey":
      return add(draft, "registry.key", [text(e.Hive), text(e.Key)].filter(Boolean).join("\\"));
    case "registry-value":
      return put(draft, "registry.value", e.Value ?? e.Name);
    case "mailbox":
      return add(draft, "email.to", firstAt(e, "MailboxPrimaryAddress", "Upn"));
    case "mailmessage":
      return readMail(draft, e);
    case "azure-resource":
      return add(draft, "cloud.resource", e.ResourceId);
    default:
      return undefined;
  }
}

function readHost(draft: Draft, e: Obj): void {
  const name = text(e.HostName) ?? text(e.NetBiosName);
  const domain = text(e.DnsDomain);
  const full = text(e.FQDN) ?? (name && domain ? `${name}.${domain}` : name);
  if (full !== undefined) add(draft, "host", full);
  put(draft, "host.id", firstAt(e, "MdatpDeviceId", "AadDeviceId", "AzureID"));
  if (e.LastIpAddress !== undefined) draft.seen.see("ip", e.LastIpAddress);
}

function readAccount(draft: Draft, e: Obj): void {
  const name = text(e.Name) ?? text(e.UserPrincipalName);
  if (name !== undefined) {
    add(draft, "user", name);
    put(draft, "user.domain", firstAt(e, "NTDomain", "UPNSuffix", "DnsDomain"));
  }
  put(draft, "user.sid", e.Sid);
  const suffix = text(e.UPNSuffix);
  const upn = text(e.UserPrincipalName) ?? (name && suffix ? `${name}@${suffix}` : undefined);
  if (upn !== undefined) {
    put(draft, "user.email", upn);
    draft.seen.see("email", upn);
  }
}

function readProcess(draft: Draft, e: Obj): void {
  const image = objAt(e, "ImageFile");
  const parent = objAt(e, "ParentProcess");
  const path = pathOf(image);
  const parentPath = pathOf(objAt(parent, "ImageFile"));
  draft.seen.see("process", path);
  draft.seen.see("process", parentPath);
  for (const hash of objsAt(image, "FileHashes")) putHash(draft, hash.Value);
  if (isObj(e.Account)) readAccount(draft, e.Account);
  if (isObj(e.Host)) readHost(draft, e.Host);
  // The fields tell of one process: the first that has a command line.
  const better =
    draft.fields["process.command_line"] === undefined && text(e.CommandLine) !== undefined;
  if (!better && draft.fields["process.path"] !== undefined) return;
  if (better) dropProcess(draft);
  put(draft, "process.path", path);
  put(draft, "process.pid", e.ProcessId);
  put(draft, "process.command_line", e.CommandLine);
  put(draft, "parent.path", parentPath);
  put(draft, "parent.pid", parent.ProcessId);
  put(draft, "parent.command_line", parent.CommandLine);
}

function dropProcess({ fields }: Draft): void {
  for (const name of ["process.path", "process.name", "process.pid", "parent.path"] as const) {
    delete fields[name];
  }
  for (const name of ["parent.name", "parent.pid", "parent.command_line"] as const)
    delete fields[name];
}

function pathOf(file: Obj): string | undefined {
  const name = text(file.Name);
  const folder = text(file.Directory);
  if (name === undefined || folder === undefined) return name;
  return `${folder.replace(/[\\/]$/, "")}${folder.includes("/") ? "/" : "\\"}${name}`;
}

function readFile(draft: Draft, e: Obj): void {
  const path = pathOf(e);
  if (path !== undefined) add(draft, "file.path", path);
  for (const hash of objsAt(e, "FileHashes")) putHash(draft, hash.Value);
}

function readMail(draft: Draft, e: Obj): void {
  put(draft, "email.subject", e.Subject);
  add(draft, "email.to", e.Recipient);
  add(draft, "email.from", firstAt(e, "Sender", "P1Sender", "P2Sender"));
  add(draft, "source.ip", e.SenderIP);
  for (const url of Array.isArray(e.Urls) ? e.Urls : []) {
    add(draft, "url.full", url);
    addHostOf(draft, url);
  }
}

function addHostOf(draft: Draft, url: unknown): void {
  const written = text(url);
  if (written && URL.canParse(written)) add(draft, "url.domain", new URL(written).hostname);
}
