import { describe, expect, test } from "vitest";
import { UNUSED } from "#lib/domain/summary/claim.ts";
import { claimOf, recordOf } from "./redaction-fixtures.ts";
import { makeRedactor } from "./redactor.ts";
import { restorerOf } from "./restore.ts";

const RECORDS = [
  recordOf(1, { host: "WS-014", user: "alice", "user.domain": "CORP", "source.ip": "10.0.3.17" }),
  recordOf(2, { host: "ws-014.corp.example.org", user: "CORP\\bob", "source.ip": "203.0.113.9" }),
  recordOf(3, { host: "DC-01", "user.email": "carol.jones@example.org", user: "SYSTEM" }),
];

async function redactorOver(texts: string[], records = RECORDS, pseudonyms = true) {
  return makeRedactor({ pseudonyms, records, shown: records, texts });
}

describe("pseudonyms", () => {
  test("stand for users, hosts, addresses and mailboxes, inside paths and command lines too", async () => {
    const redactor = await redactorOver([]);
    const line = String.raw`C:\Users\alice\x.exe ran on WS-014 as CORP\bob from 10.0.3.17, mailed carol.jones@example.org`;
    expect(redactor.redact(line)).toBe(
      String.raw`C:\Users\USER_1\x.exe ran on HOST_1 as DOMAIN_1\USER_2 from IP_1, mailed MAIL_1`,
    );
    expect(redactor.counts()).toEqual({ user: 2, host: 1, domain: 1, ip: 1, mail: 1 });
  });

  test("tell an internal address from a public one, and keep the number of a well-known account", async () => {
    const redactor = await redactorOver([]);
    expect(redactor.redact("203.0.113.9 S-1-5-21-1004336348-1177238915-682003330-500")).toBe(
      "PUBLIC_IP_1 SID_1-500",
    );
  });

  test("are one entity in every spelling, and each spelling comes back exactly", async () => {
    const redactor = await redactorOver([]);
    const text = "WS-014 ws-014 Ws-014 ws-014.corp.example.org WS-014$";
    const redacted = redactor.redact(text);
    expect(redacted).toMatch(/^(?:HOST_1[A-Z]* ){4}HOST_1\$$/);
    expect(new Set(redacted.replace("$", "").split(" ")).size).toBe(4);
    expect(redactor.restoreText(redacted)).toBe(text);
  });

  test("tell machines apart that share a short name", async () => {
    const records = [
      recordOf(1, { host: "mail.a.example.org" }),
      recordOf(2, { host: "mail.b.example.org" }),
    ];
    const redactor = await redactorOver([], records);
    expect(redactor.redact("mail.a.example.org mail.b.example.org")).toBe("HOST_1 HOST_2");
  });

  test("leave what names nobody: SYSTEM, localhost, programs, loopback, ids of evidence", async () => {
    const records = [
      ...RECORDS,
      recordOf(4, { user: "E12", host: "localhost", "target.user": "powershell" }),
    ];
    const redactor = await redactorOver([], records);
    const text = "E12 SYSTEM on localhost ran powershell.exe from 127.0.0.1";
    expect(redactor.redact(text)).toBe(text);
    expect(redactor.redact("SYSTEM", "user")).toBe("SYSTEM");
  });

  test("a short name goes where a name is written and stays inside words", async () => {
    const redactor = await redactorOver([], [recordOf(1, { user: "al", "target.user": "bob" })]);
    expect(redactor.redact("al", "user")).toBe("USER_1");
    expect(redactor.redact(`{"user":"bob"} bobsled, CORP\\bob`)).toBe(
      `{"user":"USER_2"} bobsled, CORP\\USER_2`,
    );
  });

  test("a name inside a longer word takes the word with it, as somebody else", async () => {
    const records = [recordOf(1, { user: "jsmith" })];
    const redactor = await redactorOver([], records);
    expect(redactor.redact("jsmith xjsmith2")).toBe("USER_1 USER_2");
  });

  test("evidence that reads like a stand-in gets one and comes back; a made-up one stays", async () => {
    const records = [
      recordOf(1, { host: "HOST_2", user: "alice" }),
      recordOf(2, { host: "dc-01" }),
    ];
    const redactor = await redactorOver([], records);
    const text = "alice on HOST_2, dc-01, user_7";
    const redacted = redactor.redact(text);
    expect(redactor.restoreText(redacted)).toBe(text);
    expect(redactor.restoreText("HOST_99 did it")).toBe("HOST_99 did it");
  });

  test("are read in whatever case a model writes them", async () => {
    const redactor = await redactorOver([]);
    redactor.redact("WS-014");
    expect(redactor.restoreText("host_1 and Host_1's disk")).toBe("WS-014 and WS-014's disk");
  });

  test("off: names stay, secrets go", async () => {
    const redactor = await redactorOver([], RECORDS, false);
    expect(redactor.redact("alice on WS-014: cmdkey /pass:Summer2026!")).toBe(
      "alice on WS-014: cmdkey /pass:[secret:password-1]",
    );
    expect(redactor.map()).toEqual({ v: 1, originals: {} });
  });

  test("outside names that machines talk to stay: they are evidence", async () => {
    const records = [
      recordOf(1, { host: "ws-1.corp.example.org", "destination.host": "cdn.evil-site.com" }),
    ];
    const redactor = await redactorOver([], records);
    expect(redactor.redact("ws-1.corp.example.org asked cdn.evil-site.com")).toBe(
      "HOST_1 asked cdn.evil-site.com",
    );
  });
});

describe("a secret", () => {
  const SECRET = "Tr0ub4dor&3";

  test("recognised in one place is replaced in every other, in any spelling", async () => {
    const raw = JSON.stringify({ cmd: `net use \\\\srv\\c$ "${SECRET}" /user:x`, copy: SECRET });
    const records = [
      recordOf(
        1,
        { "registry.value": SECRET, script: encodeURIComponent(SECRET) },
        `run ${SECRET}`,
      ),
    ];
    const base64 = Buffer.from(`x${SECRET}`, "utf16le").toString("base64");
    const texts = [raw, `blob ${base64} ${Buffer.from(SECRET).toString("hex")}`];
    const redactor = await redactorOver(texts, records);
    const sent = [...texts, `run ${SECRET}`, SECRET, encodeURIComponent(SECRET)]
      .map((text) => redactor.redact(text))
      .join("\n");
    expect(sent).not.toContain(SECRET);
    expect(sent).not.toContain("Tr0ub4dor");
    expect(sent).not.toContain(base64.slice(8, 24));
    expect(sent).not.toContain(Buffer.from("ub4dor").toString("hex"));
  });

  test("split over records of one script is replaced in both parts", async () => {
    const body = [
      "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
      "BKcwggSjAgEAAoIBAQDzZk0x8mPq7v2T",
      "qYwN5rXk3hLcJb9sUeVfGa1dKo4iWm6p",
    ];
    const whole = `-----BEGIN PRIVATE KEY-----\n${body.join("\n")}\n-----END PRIVATE KEY-----`;
    const redactor = await redactorOver([whole, `part 2: ${body[1]}\n${body[2]}`]);
    const sent = redactor.redact(`part 2: ${body[1]}\n${body[2]}`);
    for (const line of body) expect(sent).not.toContain(line.slice(4, 20));
  });

  test("is never a name: neither kept in the map nor brought back", async () => {
    const token = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    const records = [recordOf(1, { "target.user": token, host: "WS-014" })];
    const redactor = await redactorOver([], records);
    expect(redactor.redact(token, "target.user")).toBe("[secret:github-1]");
    expect(JSON.stringify(redactor.map())).not.toContain(token);
    expect(redactor.restoreText("[secret:github-1]")).toBe("[secret:github-1]");
  });

  test("counts by kind, and the same value has the same mark", async () => {
    const redactor = await redactorOver([]);
    const one = redactor.redact("password=S3cret-one password=S3cret-two password=S3cret-one");
    expect(one).toBe(
      "password=[secret:password-1] password=[secret:password-2] password=[secret:password-1]",
    );
    expect(redactor.counts()).toEqual({ "secret.password": 2 });
  });

  test("stays out though the evidence holds the comment that switches secretlint off", async () => {
    const text =
      "/* secretlint-disable */ glc_eyJvIjoiMTIzNDU2Iiwibk9wcXJzdHV2d3h5ejAxMjM0NTY3ODk=";
    const redactor = await redactorOver([text]);
    expect(redactor.redact(text)).toContain("[secret:token-1]");
  });
});

describe("a claim comes back", () => {
  test("in its text, quotes and predicates; ids are not touched", async () => {
    const redactor = await redactorOver([]);
    redactor.redact("alice on WS-014");
    const claim = claimOf({
      text: "USER_1 signed in to HOST_1.",
      citations: [{ id: "E1", quote: "USER_1 on HOST_1" }],
      predicates: [
        {
          ...UNUSED,
          op: "field",
          evidence: ["E1"],
          where: "host=HOST_1 & user!=USER_1 & kind=event",
          field: "user",
          value: "USER_1",
        },
      ],
    });
    expect(redactor.restoreClaim(claim)).toMatchObject({
      text: "alice signed in to WS-014.",
      citations: [{ id: "E1", quote: "alice on WS-014" }],
      predicates: [
        { evidence: ["E1"], where: "host=WS-014 & user!=alice & kind=event", value: "alice" },
      ],
    });
    expect(restorerOf(redactor.map()).restoreClaim(claim)).toEqual(redactor.restoreClaim(claim));
  });

  test("with quotation marks in a query where the value needs them", async () => {
    const user = "a & host=b";
    const redactor = await redactorOver([], [recordOf(1, { user })]);
    const token = redactor.redact(user, "user");
    const claim = claimOf({ predicates: [{ ...UNUSED, where: `user=${token} & kind=event` }] });
    expect(redactor.restoreClaim(claim).predicates[0]?.where).toBe(
      `user=${JSON.stringify(user)} & kind=event`,
    );
  });

  test("with a quote cut to its longest piece without a secret", async () => {
    const redactor = await redactorOver([]);
    const quote = redactor.redact("cmdkey /add:srv /pass:Summer2026! now");
    const claim = claimOf({ citations: [{ id: "E1", quote }] });
    expect(redactor.restoreClaim(claim).citations[0]?.quote).toBe("cmdkey /add:srv /pass:");
  });
});
