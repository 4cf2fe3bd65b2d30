import { spawnSync } from "node:child_process";
import { createServer as createPlainServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { selfSigned } from "../testing-certificate.ts";
import { LOOPBACK, startServer, type Answering, type TestServer } from "../testing-server.ts";
import { parseNetworks } from "#lib/egress/address.ts";
import type { Egress, Lookup } from "#lib/egress/resolve.ts";
import { safeFetch, type Fetched, type SafeRequest } from "./safe-fetch.ts";

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function serve(answering: Answering, options = {}): Promise<TestServer> {
  const server = await startServer(answering, options);
  open.push(server);
  return server;
}

const get = (
  url: string,
  egress: Egress = LOOPBACK,
  over: Partial<SafeRequest> = {},
): Promise<Fetched> =>
  safeFetch({ url, method: "GET", timeoutMs: 5000, bytesMax: 64_000, ...over }, egress);

const always =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

const HELLO: Answering = () => ({ status: 200, body: { hello: true } });

test("a request to an allowed address comes back whole", async () => {
  const server = await serve(() => ({ status: 418, body: "tea", headers: { "x-many": "1" } }));
  const fetched = await get(`${server.url}/a?b=c`, LOOPBACK, {
    method: "POST",
    body: "\u00e9",
    headers: { "x-mine": "1" },
  });
  expect(fetched).toMatchObject({ ok: true, answer: { status: 418, body: "tea" } });
  expect(fetched.ok && fetched.answer.header("x-many")).toBe("1");
  expect(fetched.ok && fetched.answer.header("absent")).toBeNull();
  expect(server.asked[0]).toMatchObject({
    method: "POST",
    path: "/a",
    body: "\u00e9",
    headers: { "x-mine": "1", "accept-encoding": "identity", "content-length": "2" },
  });
});

describe("nothing is connected to when the address is", () => {
  test.each([
    ["clear text to the internet", "http://8.8.8.8/"],
    ["another protocol", "ftp://8.8.8.8/"],
    ["a file", "file:///etc/passwd"],
    ["with a name and password", "https://user:secret@8.8.8.8/"],
    ["with a fragment", "https://8.8.8.8/#a"],
    ["public, on another port", "https://8.8.8.8:8443/"],
    ["this machine", "https://127.0.0.1/"],
    ["this machine in octal", "https://0177.0.0.1/"],
    ["this machine in hexadecimal", "https://0x7f.1/"],
    ["this machine as one number", "https://2130706433/"],
    ["this machine in full-width digits", "https://\uff11\uff12\uff17.0.0.1/"],
    ["this machine by IPv6", "https://[::1]/"],
    ["this machine as IPv6 of IPv4", "https://[::ffff:127.0.0.1]/"],
    ["nobody", "https://[::]/"],
    ["a metadata service", "https://169.254.169.254/latest/meta-data/"],
    ["a carrier's", "https://100.64.0.1/"],
    ["a name with a trailing dot", "https://localhost./"],
    ["this machine by name", "https://localhost/"],
    ["no address", "not an address"],
  ])("%s: %s", async (_what, url) => {
    expect(await get(url, {})).toEqual({
      ok: false,
      fault: "address",
      wasSent: false,
      status: null,
    });
  });
});

test("a name without an address is said as such", async () => {
  const nobody: Lookup = () => Promise.reject(new Error("ENOTFOUND"));
  expect(await get("https://siem.test/", { lookup: nobody })).toMatchObject({ fault: "name" });
  expect(await get("https://siem.test/", { lookup: always() })).toMatchObject({ fault: "name" });
});

test.each([
  ["last", ["8.8.8.8", "127.0.0.1"]],
  ["first", ["10.0.0.1", "8.8.8.8"]],
])("one inner address among public ones, the %s, refuses the name", async (_where, addresses) => {
  const fetched = await get(
    "https://siem.test/",
    { lookup: always(...addresses) },
    { timeoutMs: 500 },
  );
  expect(fetched).toMatchObject({ fault: "address", wasSent: false });
});

test("the connection goes to the address that was judged, whatever the name says next", async () => {
  const server = await serve(HELLO);
  let asked = 0;
  // a resolver that answers well once and turns inward afterwards
  const turning: Lookup = async () => {
    asked += 1;
    return [{ address: asked === 1 ? "127.0.0.2" : "127.0.0.1", family: 4 }];
  };
  const egress: Egress = { allow: parseNetworks(["127.0.0.2/32"]), lookup: turning };
  const fetched = await get(`http://siem.test:${server.port}/`, egress);
  // nothing listens at 127.0.0.2; a second look-up would have found the server
  expect(fetched).toMatchObject({ ok: false, fault: "connection", wasSent: false });
  expect(asked).toBe(1);
  expect(server.asked).toEqual([]);
});

test("the name is kept for the server and for its certificate", async () => {
  const tls = selfSigned("siem.test");
  const server = await serve(HELLO, { tls });
  const egress: Egress = { ...LOOPBACK, lookup: always("127.0.0.1"), ca: tls.cert };
  expect(await get(`https://siem.test:${server.port}/`, egress)).toMatchObject({ ok: true });
  expect(server.asked[0]?.headers.host).toBe(`siem.test:${server.port}`);
});

test("a certificate for another name, or by nobody known, ends the connection before a byte is sent", async () => {
  const tls = selfSigned("siem.test");
  const server = await serve(HELLO, { tls });
  const lookup = always("127.0.0.1");
  const unsent = { ok: false, fault: "connection", wasSent: false };
  const other = `https://other.test:${server.port}/`;
  expect(await get(other, { ...LOOPBACK, lookup, ca: tls.cert })).toMatchObject(unsent);
  expect(await get(`https://siem.test:${server.port}/`, { ...LOOPBACK, lookup })).toMatchObject(
    unsent,
  );
  expect(server.asked).toEqual([]);
});

test("clear text goes to an allowed loopback only, not to another allowed network", async () => {
  const lookup = always("10.1.1.1");
  const egress: Egress = { allow: parseNetworks(["10.0.0.0/8"]), lookup };
  expect(await get("http://soar.test/", egress)).toMatchObject({ fault: "address" });
});

test("a redirect is an answer, not an order", async () => {
  const inner = await serve(HELLO);
  const server = await serve(() => "redirect", { elsewhere: `${inner.url}/secret` });
  expect(await get(server.url)).toMatchObject({ ok: true, answer: { status: 302 } });
  expect(inner.asked).toEqual([]);
});

describe("an answer that", () => {
  test("is too long is not read to its end", async () => {
    const server = await serve(() => "oversized");
    expect(await get(server.url)).toMatchObject({ fault: "too_long", wasSent: true, status: 200 });
  });

  test("is compressed is not unpacked", async () => {
    const server = await serve(() => "gzip");
    expect(await get(server.url)).toMatchObject({ fault: "encoding", wasSent: true });
  });

  test("never comes ends by the clock", async () => {
    const server = await serve(() => "silent");
    const fetched = await get(server.url, LOOPBACK, { timeoutMs: 150 });
    expect(fetched).toMatchObject({ fault: "timeout", wasSent: true, status: null });
  });

  test("comes half ends by the clock", async () => {
    const server = await serve(() => "slow_body");
    const fetched = await get(server.url, LOOPBACK, { timeoutMs: 150 });
    expect(fetched).toMatchObject({ fault: "timeout", wasSent: true, status: 200 });
  });

  test("is cut is no answer", async () => {
    const server = await serve(() => "cut_body");
    expect(await get(server.url)).toMatchObject({
      fault: "connection",
      wasSent: true,
      status: 200,
    });
  });

  test("is a reset says that the request may have arrived", async () => {
    const server = await serve(() => "reset");
    expect(await get(server.url)).toMatchObject({
      fault: "connection",
      wasSent: true,
      status: null,
    });
  });
});

test("nobody listening says that the request did not arrive", async () => {
  const server = createPlainServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({
    fault: "connection",
    wasSent: false,
  });
});

test("a resolver that never answers ends by the clock", async () => {
  const lookup: Lookup = () => new Promise(() => {});
  const fetched = await get("https://siem.test/", { lookup }, { timeoutMs: 100 });
  expect(fetched).toMatchObject({ fault: "timeout", wasSent: false });
});

test("calling off ends it, before and while it is under way", async () => {
  const server = await serve(() => "silent");
  expect(await get(server.url, LOOPBACK, { signal: AbortSignal.abort() })).toMatchObject({
    fault: "cancelled",
    wasSent: false,
  });
  const caller = new AbortController();
  const fetched = get(server.url, LOOPBACK, { signal: caller.signal });
  await expect.poll(() => server.asked.length).toBe(1);
  caller.abort();
  expect(await fetched).toMatchObject({ fault: "cancelled", wasSent: true });
});

test("a header that would begin another is not sent", async () => {
  const server = await serve(HELLO);
  const headers = { authorization: "Bearer a\r\nx-other: 1" };
  expect(await get(server.url, LOOPBACK, { headers })).toMatchObject({ fault: "request" });
  expect(server.asked).toEqual([]);
});

test("a proxy of the environment is not asked", async () => {
  const proxy = await serve(HELLO);
  const script = `
    const { parseNetworks } = await import("./lib/egress/address.ts");
    const { safeFetch } = await import("./lib/connectors/responders/safe-fetch/safe-fetch.ts");
    const asked = { url: "http://127.0.0.2:9/", method: "GET", timeoutMs: 2000, bytesMax: 10 };
    const fetched = await safeFetch(asked, { allow: parseNetworks(["127.0.0.0/8"]) });
    process.stdout.write(JSON.stringify(fetched));`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: {
      ...process.env,
      NODE_USE_ENV_PROXY: "1",
      HTTP_PROXY: proxy.url,
      http_proxy: proxy.url,
      HTTPS_PROXY: proxy.url,
    },
  });
  expect(JSON.parse(run.stdout)).toMatchObject({ fault: "connection", wasSent: false });
  expect(proxy.asked).toEqual([]);
});
