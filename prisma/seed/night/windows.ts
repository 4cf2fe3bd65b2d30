import { guidOf, hexOf } from "./request.ts";

const SYSMON = "Microsoft-Windows-Sysmon";
const DOMAIN = "NORDFRAKT";

/** A machine of the company: short name, address, who works on it. */
export type Machine = { name: string; ip: string; user: string; sid: string };

export function fqdn(machine: Machine): string {
  return `${machine.name}.nordfrakt.example`;
}

/** Counts the records of each log of one machine, as Windows does. */
export function eventLog(machine: Machine, firstRecord: number) {
  let record = firstRecord;
  const utc = (at: Date): string => at.toISOString().replace("T", " ").replace("Z", "");
  return {
    /** A Sysmon event as NXLog ships it: flat, with the local clock in UTC here. */
    sysmon(at: Date, eventId: number, data: Record<string, string | number>): object {
      record += 1;
      return {
        EventTime: utc(at).slice(0, 19),
        Hostname: fqdn(machine),
        Keywords: "-9223372036854775808",
        EventID: eventId,
        SourceName: SYSMON,
        Channel: `${SYSMON}/Operational`,
        RecordNumber: record,
        UtcTime: utc(at),
        ...data,
        "@timestamp": new Date(at.getTime() + 1_700).toISOString(),
      };
    },
    /** An event of another log in the shape of evtx_dump. */
    evtx(
      at: Date,
      log: { channel: string; provider: string; eventId: number },
      data: Record<string, string | number>,
    ): object {
      record += 1;
      return {
        Event: {
          "#attributes": { xmlns: "http://schemas.microsoft.com/win/2004/08/events/event" },
          System: {
            Provider: { "#attributes": { Name: log.provider } },
            EventID: log.eventId,
            Level: 0,
            Keywords: "0x8020000000000000",
            TimeCreated: { "#attributes": { SystemTime: at.toISOString() } },
            EventRecordID: record,
            Channel: log.channel,
            Computer: fqdn(machine),
          },
          EventData: data,
        },
      };
    },
  };
}

export type EventLog = ReturnType<typeof eventLog>;

export const SECURITY = { channel: "Security", provider: "Microsoft-Windows-Security-Auditing" };
export const SYSTEM = { channel: "System", provider: "Service Control Manager" };
export const DEFENDER = {
  channel: "Microsoft-Windows-Windows Defender/Operational",
  provider: "Microsoft-Windows-Windows Defender",
};

export type Started = {
  image: string;
  command: string;
  pid: number;
  parent: string;
  parentPid: number;
  parentCommand?: string;
  user?: string;
};

/** The data of Sysmon event 1. */
export function processStarted(machine: Machine, p: Started): Record<string, string | number> {
  return {
    ProcessGuid: `{${guidOf(`${machine.name} ${p.pid} ${p.image}`)}}`,
    ProcessId: p.pid,
    Image: p.image,
    CommandLine: p.command,
    User: p.user ?? `${DOMAIN}\\${machine.user}`,
    IntegrityLevel: p.user?.includes("SYSTEM") ? "System" : "High",
    Hashes: `MD5=${hexOf(`md5 ${p.image}`, 32).toUpperCase()},SHA256=${hexOf(p.image, 64).toUpperCase()},IMPHASH=${hexOf(`imp ${p.image}`, 32).toUpperCase()}`,
    ParentProcessGuid: `{${guidOf(`${machine.name} ${p.parentPid} ${p.parent}`)}}`,
    ParentProcessId: p.parentPid,
    ParentImage: p.parent,
    ParentCommandLine: p.parentCommand ?? p.parent,
  };
}

/** The data of Sysmon event 3. */
export function connected(
  machine: Machine,
  p: { image: string; pid: number; port: number },
  to: { ip: string; port: number; host?: string },
): Record<string, string | number> {
  return {
    ProcessGuid: `{${guidOf(`${machine.name} ${p.pid} ${p.image}`)}}`,
    ProcessId: p.pid,
    Image: p.image,
    User: `${DOMAIN}\\${machine.user}`,
    Protocol: "tcp",
    Initiated: "true",
    SourceIp: machine.ip,
    SourceHostname: fqdn(machine),
    SourcePort: p.port,
    DestinationIp: to.ip,
    DestinationHostname: to.host ?? "-",
    DestinationPort: to.port,
  };
}

/** Security 4624 or 4625 on a machine. */
export function logon(
  who: { user: string; sid?: string; domain?: string },
  from: { ip: string; port: number; workstation?: string },
  how: { type: number; logonId?: string; subStatus?: string },
): Record<string, string | number> {
  return {
    SubjectUserSid: "S-1-0-0",
    SubjectUserName: "-",
    SubjectDomainName: "-",
    TargetUserSid: who.sid ?? "S-1-0-0",
    TargetUserName: who.user,
    TargetDomainName: who.domain ?? DOMAIN,
    ...(how.subStatus
      ? { Status: "0xc000006d", SubStatus: how.subStatus }
      : { TargetLogonId: how.logonId ?? "0x5f3a21" }),
    LogonType: how.type,
    LogonProcessName: "NtLmSsp ",
    AuthenticationPackageName: "NTLM",
    WorkstationName: from.workstation ?? "-",
    IpAddress: from.ip,
    IpPort: from.port,
  };
}

export const PROGRAMS = "C:\\Program Files";
export const SYSTEM32 = "C:\\Windows\\System32";
export const POWERSHELL = `${SYSTEM32}\\WindowsPowerShell\\v1.0\\powershell.exe`;
export const EXPLORER = "C:\\Windows\\explorer.exe";
