import { describe, expect, test } from "vitest";
import { recordOf } from "./redaction-fixtures.ts";
import { makeRedactor } from "./redactor.ts";

/** What has made one rule or another slow: near ends of what it looks for, again and again. */
const UNITS = [
  "a",
  "A1",
  "/",
  "\\",
  "\\\\",
  '"',
  '\\"',
  "'",
  ":",
  "::",
  "@",
  "a@a.",
  "=",
  "a=",
  "%41",
  "&amp;",
  "&#65;",
  "\\u0041",
  "eyJ",
  "eyJa.",
  "AKIA",
  "ghp_",
  "ghs_1_",
  "xoxb-a-",
  "SG.a.a",
  "sk-",
  "-----BEGIN PRIVATE KEY-----",
  "-----END PRIVATE KEY-----",
  "PRIVATE KEY",
  "MIIEpAIBAA",
  "password=",
  "pass: ",
  "Cookie: ",
  "Authorization: ",
  "bearer ",
  "basic a",
  "token=",
  "secret: ",
  "sig=",
  "https://a:",
  "mongodb://a:b@",
  "net use ",
  "net user a ",
  "sshpass -p ",
  "curl -u ",
  "echo a | ",
  "echo ",
  "DefaultPassword,",
  '"name":"cookie",',
  "a/b:",
  "1.1.1.1.",
  "fe80::",
  "0:",
  "S-1-5-21-",
  "/home/",
  "C:\\Users\\",
  "HOST_1",
  "jsmith",
  "jsmith@",
  "$krb5",
  "31d6cfe0d16ae931b73c59d7e0c089c0:",
  "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
  "70617373776f72643d",
  "é",
  "İ",
  "\ud800",
  "secretlint-disable ",
];
/** Twice the input may cost twice the time and a good deal of noise, but not four times. */
const MOST = 3.2;
const NOISE_MS = 40;
const ATTEMPTS = 5;
const LENGTH = 30_000;

describe("time grows with the text, and no faster", () => {
  test.each(UNITS)("%s", { timeout: 120_000 }, async (unit) => {
    await cost(unit, 1_000); // compiles what it compiles
    const seen: string[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const [once, twice] = [await cost(unit, LENGTH), await cost(unit, 2 * LENGTH)];
      if (twice < NOISE_MS || twice < once * MOST) return;
      seen.push(`${once.toFixed()} ms, then ${twice.toFixed()} ms`);
    }
    expect.fail(seen.join("; "));
  });
});

/** Processor time of redacting a text of so many characters, in milliseconds. */
async function cost(unit: string, length: number): Promise<number> {
  const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
  const records = [recordOf(1, { user: "jsmith", host: "ws-1.corp.example.org", script: text })];
  const before = process.cpuUsage();
  const redactor = await makeRedactor({ pseudonyms: true, records, shown: records, texts: [] });
  redactor.restoreText(redactor.redact(text));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
