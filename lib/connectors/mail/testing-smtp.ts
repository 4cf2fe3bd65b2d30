import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** For tests: a mail server on this machine that keeps what it takes. */
export type TestSmtp = {
  port: number;
  url: URL;
  /** What was taken, as it came. */
  taken: { to: string[]; data: string }[];
  /** What it answers to DATA, from now on; null: that it took it. */
  answer: (code: number | null) => void;
  /** Called when a mail was taken and before that is answered. */
  onTaken: (run: () => Promise<void>) => void;
  close: () => Promise<void>;
};

export async function startSmtp(options: SMTPServerOptions = {}): Promise<TestSmtp> {
  const taken: TestSmtp["taken"] = [];
  let code: number | null = null;
  let then: () => Promise<void> = async () => undefined;
  async function takenAs(callback: () => void): Promise<void> {
    await then();
    callback();
  }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    closeTimeout: 100,
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        if (code !== null)
          return callback(
            Object.assign(new Error("No, says evil.example"), { responseCode: code }),
          );
        const to = session.envelope.rcptTo.map(({ address }) => address);
        taken.push({ to, data: Buffer.concat(parts).toString("utf8") });
        void takenAs(callback);
      });
    },
    ...options,
  });
  server.on("error", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    url: new URL(`smtp://127.0.0.1:${port}`),
    taken,
    answer: (given) => void (code = given),
    onTaken: (run) => void (then = run),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What a mail says, its head and its soft line breaks (RFC 2045, 6.7) put aside. */
export function textOf(data: string): string {
  const [, ...rest] = data.split("\r\n\r\n");
  return rest.join("\n\n").replaceAll("=\r\n", "").replaceAll("\r\n", "\n");
}

/** A header of a mail, unfolded; null when it has none. */
export function headerOf(data: string, name: string): string | null {
  const [head = ""] = data.split("\r\n\r\n");
  const lines = head.replaceAll(/\r\n[ \t]+/g, " ").split("\r\n");
  const line = lines.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line ? line.slice(name.length + 1).trim() : null;
}
