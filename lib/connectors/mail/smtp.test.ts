import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { selfSigned } from "#lib/connectors/responders/testing-certificate.ts";
import { openMailServer } from "./smtp.ts";
import { headerOf, startSmtp, type TestSmtp } from "./testing-smtp.ts";

const MAIL = {
  to: "lea@desk.example",
  subject: "Closure of INC-000123 waits for your signature",
  text: "It waits.\n\nhttps://desk.example/incidents/1\n",
  messageId: "<1.2@desk.example>",
};
const from = "countersign@desk.example";
const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function smtp(...options: Parameters<typeof startSmtp>): Promise<TestSmtp> {
  const server = await startSmtp(...options);
  open.push(server);
  return server;
}

test("a mail arrives as plain text, from the desk, marked as sent by a machine, under its own id", async () => {
  const server = await smtp();
  expect(await openMailServer({ server: server.url, from }).send(MAIL)).toEqual({
    outcome: "taken",
  });
  const [{ to, data }] = server.taken as [TestSmtp["taken"][0]];
  expect(to).toEqual([MAIL.to]);
  expect(headerOf(data, "Message-ID")).toBe(MAIL.messageId);
  expect(headerOf(data, "From")).toBe("Countersign <countersign@desk.example>");
  expect(headerOf(data, "Auto-Submitted")).toBe("auto-generated");
  expect(headerOf(data, "Content-Type")).toMatch(/^text\/plain/);
  expect(data.split("\r\n\r\n").slice(1).join("\r\n\r\n").trim()).toBe(
    MAIL.text.trim().replaceAll("\n", "\r\n"),
  );
});

test("a name with line breaks makes no header, and a second address no second receiver", async () => {
  const server = await smtp();
  const { send } = openMailServer({ server: server.url, from });
  await send({ ...MAIL, subject: "x\r\nBcc: evil@evil.example\r\n\r\nbody" });
  expect(headerOf(server.taken[0]!.data, "Subject")).toMatch(/^x ?Bcc: evil@evil.example/);
  expect(headerOf(server.taken[0]!.data, "Bcc")).toBeNull();
  await send({ ...MAIL, to: "lea@desk.example, evil@evil.example" });
  await send({ ...MAIL, to: "lea@desk.example>\r\nRCPT TO:<evil@evil.example" });
  expect(server.taken.flatMap(({ to }) => to)).not.toContain("evil@evil.example");
});

test.each([
  [550, { outcome: "refused", fault: "smtp 550" }],
  [451, { outcome: "failed", fault: "smtp 451" }],
])("an answer of %i is told without the server's words", async (code, expected) => {
  const server = await smtp();
  server.answer(code);
  expect(await openMailServer({ server: server.url, from }).send(MAIL)).toEqual(expected);
});

test("a server that is not there, hangs up or says nothing has failed, and may be asked again", async () => {
  const gone = await smtp();
  await gone.close();
  const refused = await openMailServer({ server: gone.url, from }).send(MAIL);
  expect(refused).toEqual({ outcome: "failed", fault: "ESOCKET" });
  for (const greet of [() => undefined, (end: () => void) => end()]) {
    const silent = createServer((socket) => {
      socket.on("error", () => undefined);
      greet(() => socket.end());
    }).listen(0, "127.0.0.1");
    open.push({ close: () => silent.close() });
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const server = new URL(`smtp://127.0.0.1:${port}`);
    const answer = await openMailServer({ server, from, timeoutMs: 300 }).send(MAIL);
    expect(answer.outcome).toBe("failed");
  }
});

test("a server that answers one byte at a time is left alone in the end", async () => {
  const timers: NodeJS.Timeout[] = [];
  const slow = createServer((socket) => {
    socket.on("error", () => undefined);
    timers.push(setInterval(() => void socket.write("2"), 50));
  }).listen(0, "127.0.0.1");
  open.push({ close: () => (timers.forEach(clearInterval), slow.close()) });
  await once(slow, "listening");
  const server = new URL(`smtp://127.0.0.1:${(slow.address() as AddressInfo).port}`);
  const answer = await openMailServer({ server, from, timeoutMs: 400 }).send(MAIL);
  expect(answer).toEqual({ outcome: "failed", fault: "ETIMEDOUT" });
});

test("over TLS with a certificate that is trusted, and not with another", async () => {
  const { key, cert } = selfSigned("localhost");
  const server = await smtp({ secure: true, key, cert });
  const url = new URL(`smtps://localhost:${server.port}`);
  const send = (ca?: string) => openMailServer({ server: url, from, ca }).send(MAIL);
  expect(await send(cert)).toEqual({ outcome: "taken" });
  expect((await send(selfSigned("localhost").cert)).outcome).toBe("failed");
  expect((await send()).outcome).toBe("failed");
  expect(server.taken).toHaveLength(1);
});

test("in clear text only to this machine: elsewhere a server without TLS gets nothing", async () => {
  const server = await smtp();
  // the same server by an address that is not known to be this machine
  const url = new URL(`smtp://0.0.0.0:${server.port}`);
  expect((await openMailServer({ server: url, from }).send(MAIL)).outcome).toBe("failed");
  expect(server.taken).toEqual([]);
});

test("the user and password of the address are given to a server that asks, and a wrong one is no fault of the mail", async () => {
  const given: string[] = [];
  const { key, cert } = selfSigned("localhost");
  const server = await smtp({
    secure: true,
    key,
    cert,
    authOptional: false,
    disabledCommands: [],
    onAuth({ username = "", password = "" }, _session, callback) {
      given.push(`${username} ${password}`);
      if (password === "p@ss/word") callback(null, { user: username });
      else callback(new Error("no"));
    },
  });
  const send = (password: string) => {
    const url = new URL(`smtps://desk:${encodeURIComponent(password)}@localhost:${server.port}`);
    return openMailServer({ server: url, from, ca: cert }).send(MAIL);
  };
  expect(await send("p@ss/word")).toEqual({ outcome: "taken" });
  expect(await send("wrong")).toEqual({ outcome: "failed", fault: "smtp 535" });
  expect(given).toEqual(["desk p@ss/word", "desk wrong"]);
});
