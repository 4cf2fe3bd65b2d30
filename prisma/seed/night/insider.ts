import { clockFrom, dice, hexOf, idOn, lines } from "./request.ts";
import type { Clock, NightRequest } from "./request.ts";
import { deviceEvidence, graphAlert, userEvidence } from "./graph.ts";
import { attack, ocsf } from "./ocsf.ts";
import { fqdn } from "./windows.ts";
import type { Machine } from "./windows.ts";

const LAPTOP: Machine = {
  name: "LT-SALES-23",
  ip: "10.20.44.86",
  user: "h.moreau",
  sid: "S-1-5-21-2210475529-1190884361-3317540902-2760",
};
const MAIL = "h.moreau@nordfrakt.example";
const PRIVATE = "h.moreau.private@postbox.example";
const FILES = [
  "Customer list 2026",
  "Rate card Baltic",
  "Tender Gdansk",
  "Contract terms",
  "Margins Q3",
  "Carrier scorecard",
];

/** Someone with every right to read takes the customer files along: no malware, no exploit. */
export function requests(nightStart: Date): NightRequest[] {
  const clock = clockFrom(nightStart);
  return [
    { source: "Defender XDR", body: JSON.stringify({ value: alerts(nightStart, clock) }) },
    {
      source: "Cloud audit",
      body: lines([
        ...downloads(nightStart, clock),
        ...copies(nightStart, clock),
        ...mails(nightStart, clock),
        finding(nightStart, clock),
      ]),
    },
  ];
}

const actor = {
  user: { name: LAPTOP.user, domain: "NORDFRAKT", uid: LAPTOP.sid, email_addr: MAIL },
};
const device = { hostname: fqdn(LAPTOP), ip: LAPTOP.ip, type_id: 3 };

function fileName(i: number, extension: string): string {
  return `${FILES[i % FILES.length]} ${String(i).padStart(2, "0")}.${extension}`;
}

function downloads(night: Date, clock: Clock): object[] {
  const roll = dice(91);
  return Array.from({ length: 64 }, (_, i) =>
    ocsf(
      {
        class_uid: 6006,
        activity_id: 2,
        activity_name: "Download",
        time: clock(20 + i * 0.55, roll(20)),
        uid: idOn(night, `download ${i}`),
        product: "drive",
      },
      {
        status_id: 1,
        actor,
        device,
        src_endpoint: { ip: LAPTOP.ip },
        file: {
          name: fileName(i, "xlsx"),
          path: `/Sales/Key accounts/${fileName(i, "xlsx")}`,
          size: 40_000 + roll(900_000),
        },
      },
    ),
  );
}

function copies(night: Date, clock: Clock): object[] {
  return Array.from({ length: 30 }, (_, i) =>
    ocsf(
      {
        class_uid: 1001,
        activity_id: 1,
        activity_name: "Create",
        time: clock(58, i * 9),
        uid: idOn(night, `copy ${i}`),
        product: "dlp",
      },
      {
        status_id: 1,
        actor: {
          ...actor,
          process: {
            name: "explorer.exe",
            pid: 5_120,
            file: { path: "C:\\Windows\\explorer.exe" },
          },
        },
        device,
        file: {
          name: fileName(i, "xlsx"),
          path: `E:\\backup\\${fileName(i, "xlsx")}`,
          hashes: [{ algorithm_id: 3, value: hexOf(`sales file ${i}`, 64) }],
        },
      },
    ),
  );
}

function mails(night: Date, clock: Clock): object[] {
  return [69, 71, 74].map((minute, i) =>
    ocsf(
      {
        class_uid: 4009,
        activity_id: 1,
        activity_name: "Send",
        time: clock(minute),
        uid: idOn(night, `mail ${i}`),
        product: "mail",
      },
      {
        status_id: 1,
        disposition_id: i === 2 ? 2 : 1,
        actor,
        src_endpoint: { ip: LAPTOP.ip },
        email: {
          from: MAIL,
          to: [PRIVATE],
          subject: `Notes part ${i + 1}`,
          uid: `<${idOn(night, `msg ${i}`)}@nordfrakt.example>`,
        },
      },
    ),
  );
}

function finding(night: Date, clock: Clock): object {
  return ocsf(
    {
      class_uid: 2004,
      activity_id: 1,
      activity_name: "Create",
      time: clock(62),
      uid: idOn(night, "usb finding"),
      product: "dlp",
    },
    {
      severity_id: 4,
      status_id: 1,
      status: "New",
      disposition_id: 1,
      finding_info: {
        uid: idOn(night, "usb finding info"),
        title: "Sensitive files copied to removable media",
        desc: "Thirty files labelled confidential were written to a removable drive.",
        attacks: [attack("T1052.001", "Exfiltration over USB", "Exfiltration")],
      },
      evidences: [{ actor, device }],
      device,
    },
  );
}

function alerts(night: Date, clock: Clock): object[] {
  const alert = (
    title: string,
    at: [number, number],
    severity: "medium" | "high",
    technique: string,
  ) =>
    graphAlert({
      id: `ca${idOn(night, title)}`,
      incidentId: String(51_000 + (Math.floor(night.getTime() / 86_400_000) % 900)),
      title,
      description: `${title}: compared with the thirty days before.`,
      severity,
      category: "Exfiltration",
      techniques: [technique],
      source: "microsoftDefenderForCloudApps",
      first: clock(at[0]),
      last: clock(at[1]),
      evidence: [userEvidence(LAPTOP), deviceEvidence(LAPTOP)],
    });
  return [
    alert("Mass download by a single user", [20, 55], "medium", "T1213"),
    alert("Mail with company files sent to a personal address", [69, 74], "high", "T1048"),
  ];
}
