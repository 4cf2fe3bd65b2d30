import type { FieldName } from "#lib/domain/evidence/fields.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { finish, newDraft, put, putHashes, shown } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { firstTime, readTime, zonedByReceipt } from "./times.ts";
import type { Moment } from "./times.ts";
import { account, isUnknown, text } from "./values.ts";
import type { Obj } from "./values.ts";
import { readWindowsEvent } from "./windows-shape.ts";
import type { WindowsEvent } from "./windows-shape.ts";
import { logOf, WINDOWS_MEANINGS } from "./windows-table.ts";
import type { WindowsLog, WindowsMeaning } from "./windows-table.ts";

/** A Windows event in any JSON shape: always telemetry, never an alert by itself. */
export function normaliseWindowsEvent(o: Obj, now?: Date): NormalRecord {
  const event = readWindowsEvent(o);
  const draft = newDraft("windows-event", "event");
  draft.moment = momentOf(event, now);
  const { computer, channel, recordNumber } = event;
  if (computer && channel && recordNumber) {
    // Record numbers begin anew when a log is cleared or a host is set up again; the moment does not.
    const moment = draft.moment.iso ?? "no-time";
    draft.recordId = `${computer.toLowerCase()}/${channel.toLowerCase()}/${recordNumber}/${moment}`;
  }
  fillWindowsFields(draft, event);
  return finish(draft);
}

/**
 * Sysmon's UtcTime is UTC by definition and the moment itself. Next best is the record's own time;
 * a local one without zone takes its zone from the time of receipt beside it, when that fits.
 */
function momentOf(event: WindowsEvent, now?: Date): Moment {
  if (logOf(event.provider, event.channel) === "sysmon") {
    const utc = readTime(event.data.UtcTime, now);
    if (utc.iso !== null) return { ...utc, quality: "exact" };
  }
  const moment = firstTime(event.times, now);
  if (event.systemTime && moment.quality === "assumed_utc") return { ...moment, quality: "exact" };
  if (event.localTime === undefined || moment.original !== event.localTime) return moment;
  return zonedByReceipt(moment, readTime(event.receivedTime, now)) ?? moment;
}

/** Event data -> field, for every event id: the names mean the same wherever they occur. */
const COMMON: [string, FieldName][] = [
  ["Image", "process.path"],
  ["SourceImage", "process.path"],
  ["CommandLine", "process.command_line"],
  ["ProcessGuid", "process.guid"],
  ["SourceProcessGUID", "process.guid"],
  ["SourceProcessGuid", "process.guid"],
  ["ParentImage", "parent.path"],
  ["ParentCommandLine", "parent.command_line"],
  ["ParentProcessGuid", "parent.guid"],
  ["ParentProcessId", "parent.pid"],
  ["TargetImage", "target.process"],
  ["TargetFilename", "file.path"],
  ["ImageLoaded", "file.path"],
  ["TargetObject", "registry.key"],
  ["Details", "registry.value"],
  ["NewName", "registry.value"],
  ["PipeName", "pipe.name"],
  ["QueryName", "dns.question"],
  ["SourceIp", "source.ip"],
  ["SourceAddress", "source.ip"],
  ["IpAddress", "source.ip"],
  ["ClientAddress", "source.ip"],
  ["SourcePort", "source.port"],
  ["IpPort", "source.port"],
  ["SourceHostname", "source.host"],
  ["WorkstationName", "source.host"],
  ["Workstation", "source.host"],
  ["DestinationIp", "destination.ip"],
  ["DestAddress", "destination.ip"],
  ["DestinationPort", "destination.port"],
  ["DestPort", "destination.port"],
  ["DestinationHostname", "destination.host"],
  ["TargetServerName", "destination.host"],
  ["LogonType", "logon.type"],
  ["ServiceName", "service.name"],
  ["ServiceFileName", "service.command"],
  ["ImagePath", "service.command"],
  ["TaskName", "task.name"],
  ["ShareName", "share.name"],
  ["RelativeTargetName", "file.path"],
  ["ScriptBlockText", "script"],
  ["Payload", "script"],
];

/** Fills fields, class, outcome and title; also used for winlogbeat records. */
export function fillWindowsFields(draft: Draft, event: WindowsEvent): void {
  const { data } = event;
  const log = logOf(event.provider, event.channel);
  const meaning = WINDOWS_MEANINGS.get(`${log}:${event.eventId}`);
  put(draft, "vendor", "Microsoft");
  put(draft, "product", log === "sysmon" ? "Sysmon" : event.provider);
  put(draft, "log", event.channel);
  put(draft, "event.code", event.eventId);
  put(draft, "host", event.computer);
  if (meaning) {
    put(draft, "event.class", meaning.class);
    put(draft, "action", meaning.action);
    put(draft, "outcome", meaning.outcome ?? outcomeOf(log, event));
  }
  for (const [from, to] of COMMON) {
    if (data[from] !== undefined) put(draft, to, data[from]);
  }
  const hashes = text(data.Hashes) ?? text(data.Hash);
  if (hashes) putHashes(draft, hashes.replace(/,?IMPHASH=[0-9A-F]*/i, ""));
  putProtocol(draft, data.Protocol);
  putProcess(draft, log, event);
  putAccounts(draft, event, meaning);
  putSpecial(draft, log, event);
  const known = Object.keys(draft.fields).length;
  if (known < 8 || !meaning) put(draft, "message", event.message ?? data["0"]);
  draft.title ??= windowsTitle(draft, event, meaning);
}

const PROTOCOLS: Record<string, string> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6" };

function putProtocol(draft: Draft, value: unknown): void {
  const written = text(value);
  if (written) put(draft, "network.protocol", PROTOCOLS[written] ?? written.toLowerCase());
}

/** In 4688 ProcessId is the creator; elsewhere it is the process itself. */
function putProcess(draft: Draft, log: WindowsLog, event: WindowsEvent): void {
  const { data } = event;
  if (log === "security" && event.eventId === "4688") {
    put(draft, "process.path", data.NewProcessName);
    put(draft, "process.pid", data.NewProcessId);
    put(draft, "parent.path", data.ParentProcessName);
    put(draft, "parent.pid", data.ProcessId);
    return;
  }
  put(draft, "process.path", data.ProcessName ?? data.CallerProcessName);
  if (log === "security") put(draft, "process.path", data.Application);
  put(draft, "process.pid", data.ProcessId ?? data.SourceProcessId ?? data.CallerProcessId);
}

/** Subject* and Sysmon's User did it; Target* is whom it was done to. */
function putAccounts(draft: Draft, event: WindowsEvent, meaning: WindowsMeaning | undefined): void {
  const { data } = event;
  put(draft, "user", data.SubjectUserName ?? data.User ?? data.SourceUser ?? data.UserContext);
  put(draft, "user.domain", data.SubjectDomainName);
  putSid(draft, "user.sid", data.SubjectUserSid);
  put(draft, "logon.id", known(data.TargetLogonId) ?? data.SubjectLogonId ?? data.LogonId);
  if (meaning?.class === "group_management") {
    put(draft, "group.name", data.TargetUserName ?? data.TargetSid);
    put(draft, "target.user", memberName(data.MemberName));
    putSid(draft, "target.user.sid", data.MemberSid);
    return;
  }
  put(draft, "target.user", data.TargetUserName ?? data.TargetUser ?? data.TargetName);
  put(draft, "target.user.domain", data.TargetDomainName);
  putSid(draft, "target.user.sid", data.TargetUserSid ?? data.TargetSid);
}

function known(value: unknown): unknown {
  const written = text(value);
  return written === undefined || written === "0x0" ? undefined : written;
}

function putSid(draft: Draft, name: "user.sid" | "target.user.sid", value: unknown): void {
  const { sid } = account(value);
  if (sid && sid !== "S-1-0-0") put(draft, name, sid);
}

/** `CN=Jane Roe,OU=..` -> `Jane Roe`. */
function memberName(value: unknown): string | undefined {
  const written = text(value);
  return written === undefined ? undefined : (/^CN=([^,]+)/i.exec(written)?.[1] ?? written);
}

function putSpecial(draft: Draft, log: WindowsLog, event: WindowsEvent): void {
  const { data, eventId } = event;
  if (log === "system" && eventId.startsWith("70")) {
    put(draft, "service.name", data.param1);
    put(draft, "message", event.message ?? data.param2);
  }
  if (log === "tasks") put(draft, "process.path", data.ActionName);
  if (data.TaskContent !== undefined) put(draft, "script", taskCommand(data.TaskContent));
  if (log === "powershell" && data.Payload === undefined && data.ScriptBlockText === undefined) {
    put(draft, "script", data["0"] ?? event.message);
  }
  if (log === "powershell") put(draft, "file.path", data.Path);
  if (log === "defender") {
    put(draft, "alert.title", data["Threat Name"]);
    put(draft, "alert.category", data["Category Name"]);
    put(draft, "file.path", text(data.Path)?.replace(/^(?:file|containerfile):_/, ""));
    put(draft, "process.path", data["Process Name"]);
    put(draft, "user", data["Detection User"]);
  }
  if (data.ObjectName !== undefined) {
    const field = OBJECT_FIELDS[String(data.ObjectType)];
    if (field) put(draft, field, data.ObjectName);
  }
  if (eventId === "4662") put(draft, "message", data.Properties);
}

const OBJECT_FIELDS: Record<string, FieldName> = {
  File: "file.path",
  Key: "registry.key",
  Process: "target.process",
};

function taskCommand(value: unknown): string | undefined {
  const xml = text(value);
  if (xml === undefined) return undefined;
  const command = /<Command>([^<]{1,4000})</i.exec(xml)?.[1];
  const args = /<Arguments>([^<]{1,20000})</i.exec(xml)?.[1];
  return command ? [command, args].filter(Boolean).join(" ") : xml;
}

/** Kerberos and NTLM validation say how they ended by status code only. */
function outcomeOf(log: WindowsLog, event: WindowsEvent): string | undefined {
  if (log !== "security" || !["4768", "4769", "4776"].includes(event.eventId)) return undefined;
  const status = text(event.data.Status);
  if (status === undefined) return undefined;
  return /^0x0+$/i.test(status) ? "success" : "failure";
}

const SUB_STATUS: Record<string, string> = {
  "0xc0000064": "no such account",
  "0xc000006a": "wrong password",
  "0xc0000072": "account disabled",
  "0xc0000234": "account locked out",
  "0xc0000071": "password expired",
  "0xc000015b": "logon type not granted",
};

function windowsTitle(draft: Draft, event: WindowsEvent, meaning?: WindowsMeaning): string {
  const { fields } = draft;
  const host = shown(fields, "host");
  const on = host ? ` on ${host}` : "";
  if (!meaning) {
    const log = event.channel ?? event.provider;
    const message = text(event.message)?.split(/[\r\n]/)[0];
    return `${[log, event.eventId].filter(Boolean).join(" ")}${message ? `: ${message}` : ""}${on}`;
  }
  return `${meaning.says}${titleDetail(draft, event, meaning)}${on}`;
}

function titleDetail(draft: Draft, event: WindowsEvent, meaning: WindowsMeaning): string {
  const { fields } = draft;
  const part = (before: string, ...names: FieldName[]): string => {
    const value = shown(fields, ...names);
    return value === undefined ? "" : `${before}${value.slice(0, 120)}`;
  };
  const process = part(" by ", "process.name", "user");
  switch (meaning.class) {
    case "authentication": {
      const why = SUB_STATUS[String(event.data.SubStatus ?? event.data.Status).toLowerCase()];
      const from = part(" from ", "source.ip", "source.host");
      return `${part(": ", "target.user", "user")}${from}${why ? ` (${why})` : ""}`;
    }
    case "process_activity":
      if (fields["target.process"] !== undefined)
        return `: ${part("", "process.name")}${part(" -> ", "target.process")}`;
      return part(": ", "process.name") + part(" from ", "parent.name");
    case "network_activity":
      return `${part(": ", "process.name")}${part(" to ", "destination.ip")}${part(":", "destination.port")}`;
    case "dns_activity":
      return part(": ", "dns.question") + process;
    case "registry_key_activity":
    case "registry_value_activity":
      return part(": ", "registry.key") + process;
    case "account_change":
    case "group_management":
      return (
        part(": ", "target.user", "target.user.sid") +
        part(" in ", "group.name") +
        part(" by ", "user")
      );
    case "script_activity":
      return part(": ", "script");
    case "windows_service_activity":
      return part(": ", "service.name") + part(" runs ", "service.command");
    case "scheduled_job_activity":
      return part(": ", "task.name");
    case "malware_activity":
      return part(": ", "alert.title") + part(" in ", "file.path");
    default: {
      const detail = part(": ", "file.path", "pipe.name", "share.name", "registry.key", "message");
      return detail + (isUnknown(process) ? "" : process);
    }
  }
}
