import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A time-stamping authority of openssl's behind a real HTTP server, under a CA of its own; its files go to `folder`. */
export async function startTsa(folder: string) {
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  openssl(
    "req",
    "-x509",
    ...EC,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=ca",
    "-days",
    "2",
  );
  openssl("req", ...EC, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=tsa");
  writeFileSync(path("ext"), "extendedKeyUsage=critical,timeStamping\n");
  const issued = ["-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
  openssl("x509", ...issued, "-days", "2", "-extfile", "ext", "-out", "tsa.pem");
  writeFileSync(path("serial"), "01\n");
  const settings = {
    serial: path("serial"),
    signer_cert: path("tsa.pem"),
    certs: path("ca.pem"),
    signer_key: path("tsa.key"),
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const rest = "signer_digest=sha256\ndefault_policy=1.2.3.4\ndigests=sha256\nordering=yes\n";
  writeFileSync(path("tsa.cnf"), `[tsa]\ndefault_tsa=one\n[one]\n${lines.join("\n")}\n${rest}`);

  const stamp = (query: Uint8Array): Buffer => {
    writeFileSync(path("q"), query);
    openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q", "-out", "r");
    return readFileSync(path("r"));
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/timestamp-reply" });
      response.end(tsa.answer(Buffer.concat(parts)));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const tsa = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    caFile: path("ca.pem"),
    stamp,
    /** What it answers a query with; a test may set another. */
    answer: stamp as (query: Buffer) => Buffer | string,
    close: () => server.close().closeAllConnections(),
  };
  return tsa;
}
