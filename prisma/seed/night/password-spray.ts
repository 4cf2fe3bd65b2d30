import { clockFrom, dice, idOn, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import { eventLog, logon, SECURITY } from "./windows.ts";
import type { Machine } from "./windows.ts";

const GATEWAY: Machine = {
  name: "RDS-GW-01",
  ip: "10.20.2.14",
  user: "t.berg",
  sid: "S-1-5-21-2210475529-1190884361-3317540902-1893",
};
const FROM = "198.51.100.23";
const ACCOUNTS =
  "a.dahl b.holm c.nyberg d.ek e.lund f.strand g.vik h.norling i.sand j.falk k.moberg l.hagen n.stahl o.quist p.roos q.berglund r.aster s.thorn u.lindqvist v.ostby w.krantz y.nord z.hjelm".split(
    " ",
  );

/** One address tries one password on everybody, three times on one account, and gets in. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  const alerts = sentinelAlerts(nightStart, clock);
  return [
    { source: "Windows events", body: lines(gatewayEvents(clock)) },
    { source: "Identity provider", body: lines(signIns(nightStart, clock)) },
    { source: "Sentinel", body: lines([...alerts, sentinelIncident(nightStart, clock, alerts)]) },
  ];
}

function gatewayEvents(clock: Clock): object[] {
  const log = eventLog(GATEWAY, 771_040);
  const roll = dice(5);
  const failed = (at: Date, user: string, subStatus: string): object =>
    log.evtx(
      at,
      { ...SECURITY, eventId: 4625 },
      logon({ user }, { ip: FROM, port: 40_000 + roll(20_000) }, { type: 3, subStatus }),
    );
  const spray = [0, 1].flatMap((round) =>
    ACCOUNTS.map((user, i) =>
      failed(
        clock(130 + round * 12, i * 21 + roll(9)),
        user,
        user.startsWith("q") ? "0xc0000064" : "0xc000006a",
      ),
    ),
  );
  const target = [151, 152, 153.5, 155].map((minute) =>
    failed(clock(minute, roll(30)), GATEWAY.user, "0xc000006a"),
  );
  const entered = log.evtx(
    clock(157, 14),
    { ...SECURITY, eventId: 4624 },
    logon(
      { user: GATEWAY.user, sid: GATEWAY.sid },
      { ip: FROM, port: 51_877 },
      { type: 10, logonId: "0x91be04" },
    ),
  );
  const rights = log.evtx(
    clock(157, 14.2),
    { ...SECURITY, eventId: 4672 },
    {
      SubjectUserSid: GATEWAY.sid,
      SubjectUserName: GATEWAY.user,
      SubjectDomainName: "NORDFRAKT",
      SubjectLogonId: "0x91be04",
      PrivilegeList: "SeBackupPrivilege\n\t\t\tSeRestorePrivilege",
    },
  );
  return [...spray, ...target, entered, rights];
}

/** Entra-like sign-in records: `resultType` is a string and "0" means success. */
function signIns(night: Date, clock: Clock): object[] {
  const upn = `${GATEWAY.user}@nordfrakt.example`;
  const record = (i: number, at: Date, resultType: string, description: string): object => ({
    uuid: idOn(night, `sign-in ${i}`),
    time: at.toISOString(),
    operationName: "Sign-in activity",
    category: "SignInLogs",
    resultType,
    resultDescription: description,
    callerIpAddress: FROM,
    properties: {
      userPrincipalName: upn,
      appDisplayName: "Remote Desktop Gateway",
      ipAddress: FROM,
      location: { countryOrRegion: "ZZ" },
      riskLevelDuringSignIn: "medium",
      conditionalAccessStatus: "notApplied",
    },
  });
  const wrong = "Error validating credentials due to invalid username or password.";
  return [
    ...[151.2, 152.3, 153.8, 155.2].map((minute, i) => record(i, clock(minute), "50126", wrong)),
    record(9, clock(157, 16), "0", "Other"),
    ...[161, 166, 173].map((minute, i) => record(20 + i, clock(minute), "0", "Other")),
  ];
}

function sentinelAlerts(night: Date, clock: Clock): { SystemAlertId: string }[] {
  const account = {
    $id: "2",
    Name: GATEWAY.user,
    NTDomain: "NORDFRAKT",
    UPNSuffix: "nordfrakt.example",
    Sid: GATEWAY.sid,
    Type: "account",
  };
  const ip = { $id: "3", Address: FROM, Type: "ip" };
  const host = { $id: "4", HostName: GATEWAY.name, DnsDomain: "nordfrakt.example", Type: "host" };
  const row = (
    name: string,
    severity: string,
    minutes: [number, number],
    techniques: string[],
    entities: object[],
  ) => ({
    TenantId: "5f0c9a4e-0000-4000-8000-00000000d3e0",
    TimeGenerated: clock(minutes[1] + 6).toISOString(),
    DisplayName: name,
    AlertName: name,
    AlertSeverity: severity,
    Description: `${name}, seen by an analytics rule over Windows and sign-in logs.`,
    ProviderName: "ASI Scheduled Alerts",
    VendorName: "Microsoft",
    SystemAlertId: idOn(night, name),
    AlertType: `rule_${name.toLowerCase().replaceAll(" ", "_")}`,
    StartTime: clock(minutes[0]).toISOString(),
    EndTime: clock(minutes[1]).toISOString(),
    ProcessingEndTime: clock(minutes[1] + 6).toISOString(),
    ExtendedProperties: JSON.stringify({
      IncidentId: incidentNumber(night),
      "Query Period": "01:00:00",
    }),
    Entities: JSON.stringify(entities),
    ProductName: "Azure Sentinel",
    Status: "New",
    CompromisedEntity: GATEWAY.name,
    Tactics: "CredentialAccess, InitialAccess",
    Techniques: JSON.stringify(techniques),
    SubTechniques: JSON.stringify(techniques.filter((id) => id.includes("."))),
    Type: "SecurityAlert",
  });
  return [
    row(
      "Password spray against many accounts",
      "Medium",
      [130, 150],
      ["T1110", "T1110.003"],
      [ip, host, { $ref: "3" }],
    ),
    row(
      "Successful logon after many failures from one address",
      "High",
      [151, 157.5],
      ["T1078"],
      [account, ip, host, { $ref: "2" }],
    ),
    row(
      "Sign-in from an address never seen for this account",
      "Medium",
      [157, 158],
      ["T1078"],
      [account, ip],
    ),
  ];
}

function incidentNumber(night: Date): string {
  return String(3_000 + (Math.floor(night.getTime() / 86_400_000) % 1_000));
}

function sentinelIncident(night: Date, clock: Clock, alerts: { SystemAlertId: string }[]): object {
  return {
    TenantId: "5f0c9a4e-0000-4000-8000-00000000d3e0",
    TimeGenerated: clock(166).toISOString(),
    IncidentName: idOn(night, "spray incident"),
    Title: "Password spray followed by a successful logon",
    Description: "",
    Severity: "High",
    Status: "New",
    Owner: JSON.stringify({ objectId: null, email: null, assignedTo: null }),
    ProviderName: "Azure Sentinel",
    ProviderIncidentId: incidentNumber(night),
    FirstActivityTime: clock(130).toISOString(),
    LastActivityTime: clock(158).toISOString(),
    CreatedTime: clock(165).toISOString(),
    LastModifiedTime: clock(166).toISOString(),
    IncidentNumber: incidentNumber(night),
    AlertIds: JSON.stringify(alerts.map((alert) => alert.SystemAlertId)),
    AdditionalData: JSON.stringify({
      alertsCount: alerts.length,
      tactics: ["CredentialAccess"],
      techniques: ["T1110"],
    }),
    Type: "SecurityIncident",
  };
}
