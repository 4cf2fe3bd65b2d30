import { clockFrom, dice, hexOf, idOn, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import { routine } from "./routine.ts";
import {
  DEFENDER,
  eventLog,
  fqdn,
  POWERSHELL,
  processStarted,
  SYSTEM,
  SYSTEM32,
} from "./windows.ts";
import type { Machine, Started } from "./windows.ts";

const SERVER: Machine = {
  name: "SRV-APP-05",
  ip: "10.20.12.55",
  user: "svc.tms",
  sid: "S-1-5-21-2210475529-1190884361-3317540902-3310",
};
const CMD = `${SYSTEM32}\\cmd.exe`;
const LOCKER = "C:\\ProgramData\\hlpr\\hlpr.exe";

/** Protection off, shadow copies gone, files renamed by the hundred: minutes before the note. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  return [
    { source: "Windows events", body: lines(serverEvents(clock)) },
    { source: "Elastic Security", body: JSON.stringify(elasticAlerts(nightStart, clock)) },
  ];
}

const STEPS: { at: number; image: string; command: string; pid: number }[] = [
  {
    at: 211,
    image: POWERSHELL,
    command: "powershell.exe Set-MpPreference -DisableRealtimeMonitoring $true",
    pid: 6_610,
  },
  {
    at: 213.5,
    image: `${SYSTEM32}\\vssadmin.exe`,
    command: "vssadmin.exe delete shadows /all /quiet",
    pid: 6_702,
  },
  {
    at: 213.9,
    image: `${SYSTEM32}\\wbem\\WMIC.exe`,
    command: "wmic.exe shadowcopy delete /nointeractive",
    pid: 6_714,
  },
  {
    at: 214.3,
    image: `${SYSTEM32}\\bcdedit.exe`,
    command: "bcdedit.exe /set {default} recoveryenabled no",
    pid: 6_726,
  },
  {
    at: 214.8,
    image: `${SYSTEM32}\\wbadmin.exe`,
    command: "wbadmin.exe delete catalog -quiet",
    pid: 6_738,
  },
  {
    at: 215.6,
    image: `${SYSTEM32}\\net.exe`,
    command: 'net.exe stop "Nordfrakt TMS" /y',
    pid: 6_760,
  },
  {
    at: 216.2,
    image: `${SYSTEM32}\\wevtutil.exe`,
    command: "wevtutil.exe cl Application",
    pid: 6_788,
  },
  {
    at: 217.4,
    image: LOCKER,
    command: "C:\\ProgramData\\hlpr\\hlpr.exe --path D:\\TMS --skip-exe",
    pid: 6_912,
  },
];

function serverEvents(clock: Clock): object[] {
  const log = eventLog(SERVER, 205_500);
  const roll = dice(31);
  const start = (at: Date, p: Started): object => log.sysmon(at, 1, processStarted(SERVER, p));
  const renamed = Array.from({ length: 72 }, (_, i) => {
    const folder = ["orders", "invoices", "customs", "routes"][roll(4)] ?? "orders";
    return log.sysmon(clock(217, 34 + i * 2.1), 11, {
      ProcessId: 6_912,
      Image: LOCKER,
      TargetFilename: `D:\\TMS\\${folder}\\${2_024_000 + roll(90_000)}.pdf.nflock`,
      User: "NORDFRAKT\\svc.tms",
    });
  });
  return [
    ...routine(SERVER, log, clock, { from: 196, minutes: 20, count: 18, seed: 41 }),
    ...STEPS.slice(0, 7).map((p) => start(clock(p.at), { ...p, parent: CMD, parentPid: 6_480 })),
    log.evtx(
      clock(211, 4),
      { ...DEFENDER, eventId: 5001 },
      {
        "Product Name": "Microsoft Defender Antivirus",
        "Product Version": "4.18.25090.4",
      },
    ),
    log.evtx(
      clock(215, 41),
      { ...SYSTEM, eventId: 7036 },
      { param1: "Nordfrakt TMS", param2: "stopped" },
    ),
    log.evtx(
      clock(216, 13),
      { channel: "System", provider: "Microsoft-Windows-Eventlog", eventId: 104 },
      {
        SubjectUserName: SERVER.user,
        SubjectDomainName: "NORDFRAKT",
        Channel: "Application",
        BackupPath: "",
      },
    ),
    ...STEPS.slice(7).map((p) => start(clock(p.at), { ...p, parent: CMD, parentPid: 6_480 })),
    ...renamed,
    log.sysmon(clock(220, 12), 11, {
      ProcessId: 6_912,
      Image: LOCKER,
      TargetFilename: "D:\\TMS\\READ_ME_NOW.txt",
      User: "NORDFRAKT\\svc.tms",
    }),
  ];
}

type Rule = {
  rule: string;
  at: number;
  step: number;
  severity: string;
  risk: number;
  tactic: string;
  technique: [string, string?];
};

const RULES: Rule[] = [
  {
    rule: "Windows Defender Disabled via PowerShell",
    at: 211,
    step: 0,
    severity: "medium",
    risk: 47,
    tactic: "Defense Evasion",
    technique: ["T1562", "T1562.001"],
  },
  {
    rule: "Volume Shadow Copy Deletion via VssAdmin",
    at: 213.5,
    step: 1,
    severity: "high",
    risk: 73,
    tactic: "Impact",
    technique: ["T1490"],
  },
  {
    rule: "Modification of Boot Configuration",
    at: 214.3,
    step: 3,
    severity: "high",
    risk: 73,
    tactic: "Impact",
    technique: ["T1490"],
  },
  {
    rule: "Clearing Windows Event Logs",
    at: 216.2,
    step: 6,
    severity: "low",
    risk: 21,
    tactic: "Defense Evasion",
    technique: ["T1070", "T1070.001"],
  },
  {
    rule: "Many Files Renamed with an Uncommon Extension",
    at: 218,
    step: 7,
    severity: "high",
    risk: 73,
    tactic: "Impact",
    technique: ["T1486"],
  },
];

/** Alerts as Kibana's API hands them out: literal dotted keys beside nested objects. */
function elasticAlerts(night: Date, clock: Clock): object[] {
  return RULES.map((r) => {
    const step = STEPS[r.step] ?? STEPS[0]!;
    const name = step.image.slice(step.image.lastIndexOf("\\") + 1);
    const [id, sub] = r.technique;
    return {
      "@timestamp": clock(r.at + 2.5).toISOString(),
      "kibana.alert.uuid": idOn(night, `elastic ${r.rule}`).replaceAll("-", ""),
      "kibana.alert.rule.name": r.rule,
      "kibana.alert.rule.uuid": idOn(new Date(0), r.rule),
      "kibana.alert.rule.description": `${r.rule}, detected by a query over endpoint events.`,
      "kibana.alert.severity": r.severity,
      "kibana.alert.risk_score": r.risk,
      "kibana.alert.workflow_status": "open",
      "kibana.alert.original_time": clock(r.at).toISOString(),
      "kibana.alert.reason": `process event with process ${name}, by ${SERVER.user} on ${SERVER.name} created ${r.severity} alert ${r.rule}.`,
      "event.kind": "signal",
      "event.category": ["process"],
      host: { name: fqdn(SERVER), ip: [SERVER.ip], os: { type: "windows" } },
      user: { name: SERVER.user, domain: "NORDFRAKT" },
      process: {
        name,
        executable: step.image,
        pid: step.pid,
        command_line: step.command,
        hash: { sha256: hexOf(step.image, 64) },
        parent: { name: "cmd.exe", executable: CMD, pid: 6_480 },
      },
      threat: [
        {
          framework: "MITRE ATT&CK",
          tactic: { name: r.tactic },
          technique: [{ id, ...(sub ? { subtechnique: [{ id: sub }] } : {}) }],
        },
      ],
    };
  });
}
