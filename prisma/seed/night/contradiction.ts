import { clockFrom, idOn, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import { attack, ocsf } from "./ocsf.ts";
import { routine } from "./routine.ts";
import { eventLog, fqdn, logon, POWERSHELL, processStarted, SECURITY } from "./windows.ts";
import type { Machine } from "./windows.ts";

const JUMP: Machine = {
  name: "SRV-JUMP-03",
  ip: "10.20.90.12",
  user: "k.aalto",
  sid: "S-1-5-21-2210475529-1190884361-3317540902-1566",
};
const OTHER = { name: "r.salonen" };
const MAIL = "k.aalto@nordfrakt.example";
const FROM = "198.51.100.77";
const COMMAND = "powershell.exe -File C:\\Ops\\rotate-keys.ps1 -Force";

/**
 * Two records of one sign-in that disagree on how it ended, and two of one process that disagree on
 * who ran it. Neither source is wrong on its face; somebody has to ask.
 */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  return [
    { source: "Windows events", body: lines(jumpHost(clock)) },
    { source: "Identity provider", body: lines(identityLog(nightStart, clock)) },
    { source: "Cloud audit", body: lines(auditLog(nightStart, clock)) },
    { source: "Elastic Security", body: lines([endpointEvent(nightStart, clock)]) },
  ];
}

function jumpHost(clock: Clock): object[] {
  const log = eventLog(JUMP, 12_060);
  return [
    ...routine(JUMP, log, clock, { from: 435, minutes: 30, count: 16, seed: 71 }),
    log.evtx(
      clock(447, 40),
      { ...SECURITY, eventId: 4624 },
      logon(
        { user: JUMP.user, sid: JUMP.sid },
        { ip: FROM, port: 58_210 },
        { type: 10, logonId: "0x2c41d7" },
      ),
    ),
    log.sysmon(
      clock(449, 12),
      1,
      processStarted(JUMP, {
        image: POWERSHELL,
        command: COMMAND,
        pid: 9_204,
        parent: "C:\\Windows\\explorer.exe",
        parentPid: 5_016,
      }),
    ),
  ];
}

/** The identity provider says that the sign-in failed. */
function identityLog(night: Date, clock: Clock): object[] {
  const signIn = (i: number, at: Date, result: string, reason: string): object => ({
    uuid: idOn(night, `idp ${i}`),
    published: at.toISOString(),
    eventType: "user.session.start",
    displayMessage: "User login to remote access",
    severity: "INFO",
    actor: { alternateId: MAIL, type: "User", displayName: "Kaisa Aalto" },
    client: { ipAddress: FROM, userAgent: { rawUserAgent: "RemoteAccess/9.1 (Windows)" } },
    outcome: { result, reason },
    target: [{ type: "AppInstance", alternateId: "Remote access" }],
  });
  return [
    ...[441, 443, 445].map((minute, i) =>
      signIn(i, clock(minute), "FAILURE", "VERIFICATION_ERROR"),
    ),
    signIn(7, clock(447, 31), "FAILURE", "VERIFICATION_ERROR"),
    signIn(8, clock(452), "CHALLENGE", "MFA_REQUIRED"),
  ];
}

/** The remote access service says that the very same sign-in succeeded. */
function auditLog(night: Date, clock: Clock): object[] {
  const user = { name: JUMP.user, email_addr: MAIL, uid: JUMP.sid };
  const signedIn = ocsf(
    {
      class_uid: 3002,
      activity_id: 1,
      activity_name: "Logon",
      time: clock(447, 33),
      uid: idOn(night, "remote access logon"),
      product: "cloud",
    },
    {
      status_id: 1,
      status: "Success",
      user,
      actor: { user },
      src_endpoint: { ip: FROM },
      device: { hostname: fqdn(JUMP) },
    },
  );
  const finding = ocsf(
    {
      class_uid: 2004,
      activity_id: 1,
      activity_name: "Create",
      time: clock(448),
      uid: idOn(night, "access finding"),
      product: "detect",
    },
    {
      severity_id: 3,
      status_id: 1,
      status: "New",
      finding_info: {
        uid: idOn(night, "access finding info"),
        title: "Remote access right after failed verification",
        desc: "A session began within seconds of a failed second factor.",
        attacks: [attack("T1133", "External Remote Services", "Initial Access")],
      },
      evidences: [
        { actor: { user }, src_endpoint: { ip: FROM }, device: { hostname: fqdn(JUMP) } },
      ],
    },
  );
  return [signedIn, finding];
}

/** The endpoint agent saw the same process (same PID, same command) under another account. */
function endpointEvent(night: Date, clock: Clock): object {
  return {
    "@timestamp": clock(449, 12.4).toISOString(),
    ecs: { version: "8.11.0" },
    event: {
      id: idOn(night, "endpoint process"),
      kind: "event",
      category: ["process"],
      type: ["start"],
      action: "start",
      dataset: "endpoint.events.process",
      module: "endpoint",
    },
    host: { name: fqdn(JUMP), ip: [JUMP.ip] },
    user: { name: OTHER.name, domain: "NORDFRAKT" },
    process: {
      name: "powershell.exe",
      executable: POWERSHELL,
      pid: 9_204,
      command_line: COMMAND,
      parent: { name: "explorer.exe", executable: "C:\\Windows\\explorer.exe", pid: 5_016 },
    },
  };
}
