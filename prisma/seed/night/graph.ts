import { hexOf } from "./request.ts";
import { fqdn } from "./windows.ts";
import type { Machine } from "./windows.ts";

const TYPE = "#microsoft.graph.security";

export type GraphAlert = {
  id: string;
  incidentId: string;
  title: string;
  description: string;
  severity: "informational" | "low" | "medium" | "high";
  category: string;
  techniques: string[];
  source?: string;
  first: Date;
  last: Date;
  evidence: object[];
};

/** An alerts_v2 alert as the Graph security API returns it. */
export function graphAlert(a: GraphAlert): object {
  const created = new Date(a.last.getTime() + 95_000).toISOString();
  return {
    "@odata.type": `${TYPE}.alert`,
    id: a.id,
    providerAlertId: a.id,
    incidentId: a.incidentId,
    status: "new",
    severity: a.severity,
    classification: "unknown",
    determination: "unknown",
    serviceSource: a.source ?? "microsoftDefenderForEndpoint",
    detectionSource: a.source ? "cloudAppSecurity" : "microsoftDefenderForEndpoint",
    title: a.title,
    description: a.description,
    category: a.category,
    mitreTechniques: a.techniques,
    createdDateTime: created,
    lastUpdateDateTime: created,
    firstActivityDateTime: a.first.toISOString(),
    lastActivityDateTime: a.last.toISOString(),
    evidence: a.evidence,
  };
}

export function deviceEvidence(machine: Machine): object {
  return {
    "@odata.type": `${TYPE}.deviceEvidence`,
    verdict: "unknown",
    remediationStatus: "none",
    mdeDeviceId: hexOf(machine.name, 40),
    deviceDnsName: fqdn(machine),
    osPlatform: "Windows11",
    healthStatus: "active",
  };
}

export function userEvidence(machine: Machine): object {
  return {
    "@odata.type": `${TYPE}.userEvidence`,
    verdict: "suspicious",
    remediationStatus: "none",
    userAccount: accountOf(machine),
  };
}

function accountOf(machine: Machine): object {
  return {
    accountName: machine.user,
    domainName: "NORDFRAKT",
    userSid: machine.sid,
    userPrincipalName: `${machine.user}@nordfrakt.example`,
  };
}

export function processEvidence(
  machine: Machine,
  p: { folder: string; file: string; command: string; pid: number; parent?: string },
): object {
  return {
    "@odata.type": `${TYPE}.processEvidence`,
    verdict: "suspicious",
    remediationStatus: "none",
    detectionStatus: "detected",
    processId: p.pid,
    processCommandLine: p.command,
    imageFile: {
      fileName: p.file,
      filePath: p.folder,
      sha256: hexOf(`${p.folder}\\${p.file}`, 64),
    },
    parentProcessImageFile: p.parent ? { fileName: p.parent, filePath: "C:\\Windows" } : null,
    userAccount: accountOf(machine),
  };
}

export function ipEvidence(ip: string): object {
  return { "@odata.type": `${TYPE}.ipEvidence`, verdict: "malicious", ipAddress: ip };
}

export function mailEvidence(m: {
  from: string;
  to: string;
  subject: string;
  ip: string;
  urls: string[];
}): object {
  return {
    "@odata.type": `${TYPE}.analyzedMessageEvidence`,
    verdict: "malicious",
    remediationStatus: "none",
    p1Sender: { emailAddress: m.from },
    p2Sender: { emailAddress: m.from },
    recipientEmailAddress: m.to,
    subject: m.subject,
    senderIp: m.ip,
    urls: m.urls,
    deliveryAction: "delivered",
  };
}
