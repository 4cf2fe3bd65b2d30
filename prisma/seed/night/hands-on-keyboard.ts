import { C2, DESK, DUMP, ENCODED, FILES, LURE, RUNDLL } from "./intrusion-scene.ts";
import { intrusionIncident } from "./intrusion-alerts.ts";
import { clockFrom, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import { routine } from "./routine.ts";
import {
  connected,
  eventLog,
  EXPLORER,
  logon,
  POWERSHELL,
  processStarted,
  SECURITY,
  SYSTEM,
  SYSTEM32,
} from "./windows.ts";
import type { EventLog, Started } from "./windows.ts";

/** Phishing mail, a loader, discovery, credential dumping, a second host: one person typing. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  return [
    { source: "Windows events", body: lines([...deskEvents(clock), ...fileServerEvents(clock)]) },
    {
      source: "Defender XDR",
      body: JSON.stringify({ value: [intrusionIncident(nightStart, clock)] }, null, 1),
    },
  ];
}

function deskEvents(clock: Clock): object[] {
  const log = eventLog(DESK, 418_200);
  return [
    ...routine(DESK, log, clock, { from: 20, minutes: 70, count: 34, seed: 11 }),
    ...loader(log, clock),
    ...Array.from({ length: 44 }, (_, i) =>
      log.sysmon(
        clock(52 + i, (i * 7) % 5),
        3,
        connected(DESK, { image: POWERSHELL, pid: 7_316, port: 50_100 + i }, C2),
      ),
    ),
    ...TYPED.map(([minute, image, command, pid]) =>
      log.sysmon(
        clock(minute),
        1,
        processStarted(DESK, {
          image,
          command,
          pid,
          parent: POWERSHELL,
          parentPid: 7_316,
          parentCommand: ENCODED,
        }),
      ),
    ),
    ...dump(log, clock),
    log.evtx(
      clock(97),
      { channel: "Security", provider: "Microsoft-Windows-Eventlog", eventId: 1102 },
      {
        SubjectUserSid: DESK.sid,
        SubjectUserName: DESK.user,
        SubjectDomainName: "NORDFRAKT",
        SubjectLogonId: "0x5f3a21",
      },
    ),
  ];
}

/** What was typed: minute of the night, program, command line, process id. */
const TYPED: [number, string, string, number][] = [
  [63, `${SYSTEM32}\\whoami.exe`, "whoami /all", 8_012],
  [64.2, `${SYSTEM32}\\ipconfig.exe`, "ipconfig /all", 8_020],
  [65.1, `${SYSTEM32}\\nltest.exe`, "nltest /dclist:nordfrakt.example", 8_044],
  [66.4, `${SYSTEM32}\\net.exe`, 'net group "Domain Admins" /domain', 8_060],
  [68, `${SYSTEM32}\\net.exe`, "net view \\\\SRV-FILE-02 /all", 8_072],
  [69.5, `${SYSTEM32}\\tasklist.exe`, "tasklist /svc", 8_090],
  [74, RUNDLL, DUMP, 8_144],
];

/** The lure is saved and run, and its script finds its way home. */
function loader(log: EventLog, clock: Clock): object[] {
  const start = (at: Date, p: Started): object => log.sysmon(at, 1, processStarted(DESK, p));
  const library = "rundll32.exe E:\\details.dll,Start";
  return [
    log.sysmon(clock(47, 12), 11, {
      ProcessId: 5_204,
      Image: "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
      TargetFilename: LURE,
      User: "NORDFRAKT\\m.lind",
    }),
    start(clock(50, 3.4), {
      image: RUNDLL,
      command: library,
      pid: 7_290,
      parent: EXPLORER,
      parentPid: 4_412,
    }),
    start(clock(51, 9.1), {
      image: POWERSHELL,
      command: ENCODED,
      pid: 7_316,
      parent: RUNDLL,
      parentPid: 7_290,
      parentCommand: library,
    }),
    log.sysmon(clock(51, 40), 22, {
      ProcessId: 7_316,
      Image: POWERSHELL,
      QueryName: C2.host,
      QueryResults: `::ffff:${C2.ip};`,
      User: "NORDFRAKT\\m.lind",
    }),
  ];
}

/** The memory of LSASS is read and written to a file. */
function dump(log: EventLog, clock: Clock): object[] {
  return [
    log.sysmon(clock(74, 1.2), 10, {
      SourceProcessId: 8_144,
      SourceImage: RUNDLL,
      TargetProcessId: 712,
      TargetImage: `${SYSTEM32}\\lsass.exe`,
      GrantedAccess: "0x1FFFFF",
      CallTrace: `${SYSTEM32}\\ntdll.dll+9d4c4|${SYSTEM32}\\dbgcore.DLL+6f41`,
    }),
    log.sysmon(clock(74, 2.8), 11, {
      ProcessId: 8_144,
      Image: RUNDLL,
      TargetFilename: "C:\\Users\\Public\\upd.dmp",
      User: "NORDFRAKT\\m.lind",
    }),
  ];
}

function fileServerEvents(clock: Clock): object[] {
  const log = eventLog(FILES, 90_310);
  const security = (eventId: number) => ({ ...SECURITY, eventId });
  const by = {
    SubjectUserSid: DESK.sid,
    SubjectUserName: DESK.user,
    SubjectDomainName: "NORDFRAKT",
  };
  const service = `${SYSTEM32}\\cmd.exe`;
  return [
    ...[83, 84, 88].map((minute, i) =>
      log.evtx(
        clock(minute, 5),
        security(4624),
        logon(
          { user: DESK.user, sid: DESK.sid },
          { ip: DESK.ip, port: 51_400 + i, workstation: DESK.name },
          { type: 3, logonId: `0x8a1f${i}0` },
        ),
      ),
    ),
    log.evtx(
      clock(84, 31),
      { ...SYSTEM, eventId: 7045 },
      {
        ServiceName: "WinSyncHelper",
        ImagePath: "%COMSPEC% /Q /c C:\\Windows\\Temp\\wsh.bat",
        ServiceType: "user mode service",
        StartType: "demand start",
        AccountName: "LocalSystem",
      },
    ),
    log.sysmon(
      clock(84, 33),
      1,
      processStarted(FILES, {
        image: service,
        command: "cmd.exe /Q /c C:\\Windows\\Temp\\wsh.bat",
        pid: 3_904,
        parent: `${SYSTEM32}\\services.exe`,
        parentPid: 688,
        user: "NT AUTHORITY\\SYSTEM",
      }),
    ),
    log.evtx(clock(86), security(4720), {
      TargetUserName: "svc_backup1",
      TargetDomainName: FILES.name,
      TargetSid: "S-1-5-21-88120-4410-7-1017",
      ...by,
    }),
    log.evtx(clock(86, 4), security(4732), {
      MemberName: "-",
      MemberSid: "S-1-5-21-88120-4410-7-1017",
      TargetUserName: "Administrators",
      TargetDomainName: "Builtin",
      TargetSid: "S-1-5-32-544",
      ...by,
    }),
    ...routine(FILES, log, clock, { from: 78, minutes: 20, count: 12, seed: 23 }),
  ];
}
