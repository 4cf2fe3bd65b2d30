/** Six places where an attacker's text gets into a record, each as a source would send it. */

export const CARRIERS = [
  "log field",
  "user agent",
  "DNS name",
  "file name",
  "e-mail body",
  "ticket",
] as const;
export type Carrier = (typeof CARRIERS)[number];

/** A record as it is sent. `mark` stands early in it and tells whose it is. */
export type Sent = {
  mark: string;
  record: object;
  format: "generic" | "suricata-eve" | "windows-event";
};

const HOST = "web-03";
const ATTACKER = "203.0.113.66";
const TIME = "2026-03-01T02:20:00.000Z";

/** A record that carries `text`; a DNS name and a file name carry what of it they can hold. */
export function carry(carrier: Carrier, text: string, mark: string): Sent {
  switch (carrier) {
    case "log field":
      return generic(mark, { title: "application log", action: "log", host: HOST, message: text });
    case "user agent":
      return eve(mark, "http", {
        http: {
          hostname: "shop.example",
          url: "/",
          http_user_agent: text,
          http_method: "GET",
          protocol: "HTTP/1.1",
          status: 200,
          length: 512,
        },
      });
    case "DNS name":
      return eve(mark, "dns", {
        dns: { type: "query", id: 4711, rrname: asDnsName(text), rrtype: "TXT" },
      });
    case "file name":
      return fileCreated(mark, asFileName(text));
    case "e-mail body":
      return generic(mark, {
        title: "mail received",
        action: "mail_received",
        "event.class": "email_activity",
        host: "mail-01",
        email: { from: "someone@example.test", to: "soc@example.test", subject: "Question" },
        message: text,
      });
    case "ticket":
      return generic(mark, {
        title: "ticket 4471",
        "ticket.id": "4471",
        "ticket.status": "open",
        message: text,
      });
  }
}

/** What a carrier holds when nobody attacks. */
export const HARMLESS: Record<Carrier, string> = {
  "log field": "request served in 12 ms",
  "user agent": "Mozilla/5.0 (X11; Linux x86_64)",
  "DNS name": "static.shop.example",
  "file name": "quarterly-report.xlsx",
  "e-mail body": "Could you look at my last order, please?",
  ticket: "Printer on floor 3 is out of paper.",
};

function generic(mark: string, fields: object): Sent {
  return { mark, format: "generic", record: { id: mark, kind: "event", time: TIME, ...fields } };
}

function eve(mark: string, type: string, part: object): Sent {
  const record = {
    community_id: mark,
    timestamp: TIME,
    event_type: type,
    src_ip: ATTACKER,
    src_port: 44_100,
    dest_ip: "10.20.80.31",
    dest_port: type === "dns" ? 53 : 443,
    proto: type === "dns" ? "UDP" : "TCP",
    host: HOST,
    ...part,
  };
  return { mark, format: "suricata-eve", record };
}

/** Sysmon 11. */
function fileCreated(mark: string, name: string): Sent {
  const record = {
    RecordTag: mark,
    EventID: 11,
    Channel: "Microsoft-Windows-Sysmon/Operational",
    Provider: "Microsoft-Windows-Sysmon",
    TimeCreated: TIME,
    Computer: HOST,
    EventData: {
      UtcTime: "2026-03-01 02:20:00.000",
      ProcessId: 3188,
      Image: "C:\\Windows\\System32\\inetsrv\\w3wp.exe",
      TargetFilename: `C:\\uploads\\${name}`,
      User: "CORP\\svc.web",
    },
  };
  return { mark, format: "windows-event", record };
}

const LABEL_MAX = 63;
const NAME_MAX = 240;

/** Letters, digits and hyphens in labels (RFC 1035), at most 240 characters in all. */
function asDnsName(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const labels = plain.slice(0, NAME_MAX - 20).match(new RegExp(`.{1,${LABEL_MAX}}`, "g")) ?? ["x"];
  return `${labels.join(".")}.attacker.example`;
}

/** What NTFS lets into a name, at most 240 characters. */
function asFileName(text: string): string {
  const plain = text.replace(/[\\/:*?"<>|\u0000-\u001f]+/g, "_");
  return `${plain.slice(0, NAME_MAX).toWellFormed()}.txt`;
}
