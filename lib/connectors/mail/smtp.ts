import { isIP } from "node:net";
import { createTransport } from "nodemailer";

/** A plain text mail. `messageId` is the same on every attempt, so that a receiver can tell a second copy. */
export type Mail = { to: string; subject: string; text: string; messageId: string };

/**
 * `taken`: the server answered that it has it. `refused`: it will never take it (RFC 5321, 4.2.1: 5yz). `failed`: it may
 * later, or it may have it already and the answer was lost. `fault` is a code without anything a server wrote.
 */
export type Sending = { outcome: "taken" } | { outcome: "refused" | "failed"; fault: string };

export type MailServer = {
  /** Never throws. */
  send: (mail: Mail) => Promise<Sending>;
};

type Options = {
  /** smtp: or smtps:, with user and password when the server asks for them. */
  server: URL;
  from: string;
  /** A private certificate authority to trust, PEM. */
  ca?: string;
  timeoutMs?: number;
};

const TIMEOUT_MS = 20_000;

/** Speaks SMTP to one server (RFC 5321), one connection a mail. Clear text goes to this machine only. */
export function openMailServer({ server, from, ca, timeoutMs = TIMEOUT_MS }: Options): MailServer {
  const host = server.hostname.replace(/^\[|\]$/g, "");
  const isImplicit = server.protocol === "smtps:";
  const user = decodeURIComponent(server.username);
  const transport = createTransport({
    host,
    port: Number(server.port) || (isImplicit ? 465 : 587),
    secure: isImplicit,
    requireTLS: !isImplicit && !isThisMachine(host),
    ...(user ? { auth: { user, pass: decodeURIComponent(server.password) } } : {}),
    tls: { minVersion: "TLSv1.2", ...(ca ? { ca } : {}) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text, messageId }) {
      const sent = transport.sendMail({
        from: { name: "Countersign", address: from },
        to: { name: "", address: to },
        subject,
        text,
        messageId,
        headers: { "Auto-Submitted": "auto-generated" },
      });
      return withinTime(sent, timeoutMs).then(() => ({ outcome: "taken" as const }), sendingOf);
    },
  };
}

/** A server that answers a little at a time is left alone after a while; what it then does is not known here. */
async function withinTime(sent: Promise<unknown>, timeoutMs: number): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(Object.assign(new Error("late"), { code: "ETIMEDOUT" })),
    timeoutMs,
  );
  try {
    await Promise.race([sent, promise]);
  } finally {
    clearTimeout(timer);
    sent.catch(() => undefined);
  }
}

function sendingOf(error: { code?: unknown; responseCode?: unknown }): Sending {
  const { code, responseCode } = error;
  const status = typeof responseCode === "number" ? responseCode : null;
  // Only of its receiver or its text is an answer for good; a login or TLS may be right tomorrow.
  if (status !== null && status >= 500 && (code === "EENVELOPE" || code === "EMESSAGE"))
    return { outcome: "refused", fault: `smtp ${status}` };
  return {
    outcome: "failed",
    fault: status !== null ? `smtp ${status}` : typeof code === "string" ? code : "unknown",
  };
}

function isThisMachine(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
