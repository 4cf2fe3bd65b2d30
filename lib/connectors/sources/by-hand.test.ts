import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { HandWay } from "#lib/domain/evidence/by-hand.ts";
import type { NormalRecord } from "#lib/domain/evidence/record.ts";
import { readByHand } from "./by-hand.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

async function read(way: HandWay, bytes: Uint8Array, name: string | null = null) {
  const answer = await readByHand({ way, bytes, name });
  if (!answer.ok) throw new Error(answer.reason);
  return answer.record;
}

const keys = ({ observables }: NormalRecord) =>
  observables.map(({ type, value }) => `${type}:${value}`);

const PAYLOAD = Buffer.from("MZ\u0000\u0001 not a program");
const SHA256 = createHash("sha256").update(PAYLOAD).digest("hex");
const MAIL = [
  "Received: from mx.victim.example (mx.victim.example [10.1.1.1])",
  "\tby store.victim.example; Sun, 01 Mar 2026 03:02:11 +0100",
  "Received: from evil.example ([203.0.113.77])",
  "\tby mx.victim.example; Sun, 01 Mar 2026 03:02:09 +0100",
  "From: =?utf-8?q?=22IT_Support=22?= <it@evil.example>",
  "To: Jo <jo@victim.example>, ann@victim.example",
  "Reply-To: drop@other.example",
  "Subject: =?utf-8?b?UGFzc3dvcnQgYWJnZWxhdWZlbg==?=",
  "Date: Mon, 02 Mar 2020 00:00:00 +0000",
  "Message-ID: <1@evil.example>",
  "MIME-Version: 1.0",
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  "--b",
  'Content-Type: text/html; charset="utf-8"',
  "",
  '<p>Log in <a href="https://evil.example/login?a=1&amp;b=2">here</a></p><script>alert(1)</script>',
  "--b",
  'Content-Type: application/octet-stream; name="invoice.exe"',
  'Content-Disposition: attachment; filename="invoice.exe"',
  "Content-Transfer-Encoding: base64",
  "",
  PAYLOAD.toString("base64"),
  "--b--",
  "",
].join("\r\n");

describe("an e-mail", () => {
  test("gives its addresses, its way, its links and the digests of what hangs on it", async () => {
    const record = await read("email", utf8(MAIL));
    expect(record).toMatchObject({
      format: "hand-email",
      kind: "event",
      title: "E-mail: Passwort abgelaufen",
      severity: null,
    });
    expect(record.fields).toMatchObject({
      "email.from": "it@evil.example",
      "email.to": ["jo@victim.example", "ann@victim.example"],
      "email.reply_to": "drop@other.example",
      "email.subject": "Passwort abgelaufen",
      "email.message_id": "<1@evil.example>",
      "url.full": "https://evil.example/login?a=1&b=2",
      "url.domain": "evil.example",
      "file.name": "invoice.exe",
      "hash.sha256": SHA256,
      "email.attachment": `${SHA256} invoice.exe`,
    });
    expect(record.fields["email.received"]).toHaveLength(2);
    expect(keys(record)).toEqual(
      expect.arrayContaining([
        "email:it@evil.example",
        "ip:203.0.113.77",
        "domain:evil.example",
        `hash:${SHA256}`,
      ]),
    );
  });

  test("happened when its last server took it in, not when its sender says", async () => {
    const record = await read("email", utf8(MAIL));
    expect(record).toMatchObject({ time: "2026-03-01T02:02:11.000Z", timeQuality: "exact" });
    const unsent = await read("email", utf8("From: a@b.example\r\nSubject: x\r\n\r\nx"));
    expect(unsent).toMatchObject({ time: null, timeQuality: "missing" });
  });

  test.each([
    ["bytes without headers", utf8("just some words\n\nand more")],
    ["nothing but zeros", new Uint8Array(2_000)],
    ["headers without an end", utf8(`From: a@b.example\r\n${"X: y\r\n".repeat(150_000)}`)],
  ])("%s are refused as one", async (_, bytes) => {
    const answer = await readByHand({ way: "email", bytes, name: null });
    expect(answer).toMatchObject({ ok: false, reason: expect.stringMatching(/e-mail/) as string });
  });

  test("parts nested a thousand deep are refused or read, soon", async () => {
    const deep = Array.from(
      { length: 1_000 },
      (_, n) => `Content-Type: multipart/mixed; boundary="b${n}"\r\n\r\n--b${n}\r\n`,
    ).join("");
    const answer = await readByHand({
      way: "email",
      bytes: utf8(`From: a@b.example\r\n${deep}`),
      name: null,
    });
    expect(answer.ok).toBe(false);
  });

  test("a thousand addresses and links are cut to what a record can hold", async () => {
    const to = Array.from({ length: 1_000 }, (_, n) => `p${n}@victim.example`).join(", ");
    const links = Array.from({ length: 1_000 }, (_, n) => `https://l${n}.example/x`).join("\n");
    const record = await read("email", utf8(`From: a@b.example\r\nTo: ${to}\r\n\r\n${links}`));
    expect(record.fields["email.to"]).toHaveLength(50);
    expect(record.fields["url.full"]).toHaveLength(100);
  });
});

describe("a paste", () => {
  test("has its first line as title, and what it names to be looked for", async () => {
    const text = `\n  beacon to 203.0.113.9 every 60 s\n${"a".repeat(64)} http://evil.example/x.\n`;
    const record = await read("paste", utf8(text));
    expect(record.title).toBe("beacon to 203.0.113.9 every 60 s");
    expect(keys(record)).toEqual(
      expect.arrayContaining([
        "ip:203.0.113.9",
        `hash:${"a".repeat(64)}`,
        "url:http://evil.example/x",
      ]),
    );
    expect(record.fields.message).toBe(text.trim());
  });

  test("of a source's record is read as that source's, without its severity and its incident", async () => {
    const alert = {
      kind: "alert",
      title: "Beacon",
      severity: "high",
      time: "2026-03-01T02:00:00Z",
      incident: "X-1",
      host: "ws-014",
    };
    const record = await read("paste", utf8(JSON.stringify(alert)));
    expect(record).toMatchObject({
      ...{ kind: "event", severity: null, format: "hand-paste", sourceIncidentId: null },
      ...{ time: "2026-03-01T02:00:00.000Z", title: "Beacon" },
    });
    expect(record.fields.host).toBe("ws-014");
    expect(record.fields.severity).toBeUndefined();
  });

  test.each([
    ["broken UTF-8", Uint8Array.of(0x61, 0xff)],
    ["a null character", utf8("a\u0000b")],
  ])("with %s is refused", async (_, bytes) => {
    expect(await readByHand({ way: "paste", bytes, name: null })).toMatchObject({ ok: false });
  });
});

describe("a file", () => {
  test("of any bytes is its name and its digest", async () => {
    const record = await read("file", PAYLOAD, "..\\invoice\u202Eexe.pdf");
    expect(record.fields["hash.sha256"]).toBe(SHA256);
    expect(record).toMatchObject({ kind: "event", time: null, format: "hand-file" });
    expect(keys(record)).toContain(`hash:${SHA256}`);
    expect(record.fields.message).toBeUndefined();
  });

  test("of text is read as far as a model is shown", async () => {
    const record = await read("file", utf8("x".repeat(1_000_000)), "big.log");
    expect(String(record.fields.message)).toHaveLength(8_000);
  });

  test("of ten megabytes of one kind is read in no time to speak of", async () => {
    for (const piece of ["a@", "1.", "http://", "f", "<"]) {
      const started = performance.now();
      await read("file", utf8(piece.repeat(Math.floor(5_000_000 / piece.length))), "x");
      expect(performance.now() - started).toBeLessThan(3_000);
    }
  });
});
