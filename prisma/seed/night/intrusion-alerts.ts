import {
  deviceEvidence,
  graphAlert,
  ipEvidence,
  mailEvidence,
  processEvidence,
  userEvidence,
} from "./graph.ts";
import type { GraphAlert } from "./graph.ts";
import { C2, DESK, DUMP, ENCODED, FILES } from "./intrusion-scene.ts";
import { hexOf, idOn } from "./request.ts";
import type { Clock } from "./request.ts";
import { SYSTEM32 } from "./windows.ts";

/** The intrusion as Defender tells it: one incident with its alerts inside. */
export function intrusionIncident(night: Date, clock: Clock): object {
  const id = String(48_000 + (Number.parseInt(hexOf(night.toISOString(), 4), 16) % 1_000));
  return {
    "@odata.type": "#microsoft.graph.security.incident",
    id,
    incidentWebUrl: `https://security.example/incidents/${id}`,
    displayName:
      "Multi-stage incident involving Initial access & Credential access on multiple endpoints",
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
  command: DUMP,
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
  {
    at: 50,
    title: "Suspicious mounted disk image execution",
    description: "A library was run from a mounted disk image.",
    severity: "medium",
    category: "Execution",
    techniques: ["T1204.002", "T1218.011"],
    evidence: onDesk,
  },
  {
    at: 51,
    title: "Suspicious PowerShell command line",
    description: "An encoded PowerShell command was run.",
    severity: "high",
    category: "Execution",
    techniques: ["T1059.001"],
    evidence: [...onDesk, powershell],
  },
  {
    at: 55,
    title: "Connection to a suspicious domain with regular intervals",
    description: "A process connected to the same address about once a minute.",
    severity: "medium",
    category: "CommandAndControl",
    techniques: ["T1071.001"],
    evidence: [...onDesk, powershell, ipEvidence(C2.ip)],
  },
  {
    at: 66,
    title: "Suspicious account and group discovery",
    description: "Several discovery commands were run within minutes.",
    severity: "medium",
    category: "Discovery",
    techniques: ["T1087.002", "T1069.002"],
    evidence: onDesk,
  },
  {
    at: 74,
    title: "Process memory dump of LSASS",
    description: "A process dumped the memory of lsass.exe.",
    severity: "high",
    category: "CredentialAccess",
    techniques: ["T1003.001"],
    evidence: [...onDesk, dumper],
  },
  {
    at: 84,
    title: "Suspicious remote service creation",
    description: "A service was created from another device.",
    severity: "high",
    category: "LateralMovement",
    techniques: ["T1021.002", "T1569.002"],
    evidence: onFiles,
  },
  {
    at: 86,
    title: "New local administrator account",
    description: "A local account was created and added to Administrators.",
    severity: "high",
    category: "Persistence",
    techniques: ["T1136.001"],
    evidence: onFiles,
  },
  {
    at: 97,
    title: "Event log was cleared",
    description: "The security log was cleared.",
    severity: "high",
    category: "DefenseEvasion",
    techniques: ["T1070.001"],
    evidence: onDesk,
  },
];
