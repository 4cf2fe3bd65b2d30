import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { alert, failedLogon, fixture, flow, logon, shell, word } from "./rules-fixtures.ts";
import { summarise } from "./rules-testing.ts";

const NIGHT = [
  failedLogon("01:58:00"),
  failedLogon("01:58:30"),
  failedLogon("01:59:10"),
  logon("02:00:00"),
  word,
  shell,
  flow("02:15:00", 5200),
  flow("02:16:00", 5300),
  alert("02:16:30", { user: "asmith", technique: ["T1059.001"] }),
];

const FRONT = [
  "who: The log contains a successful logon for asmith from 203.0.113.9 at 2026-03-01 02:00:00 UTC, 50 s after the last failed logon.",
  "who: The log contains 3 failed logons for asmith from 203.0.113.9 within 1 min 10 s.",
  'what: Alert "Credential dumping" with severity high on WS-014 for user asmith at 2026-03-01 02:16:30 UTC.',
  'what: T1059.001 PowerShell is tagged by the source "edr" on 1 record.',
  'what: The log contains powershell.exe on WS-014 with a command line that reads "powershell.exe -nop -w hidden -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBi" at 2026-03-01 02:14:09 UTC.',
  "what: WINWORD.EXE (PID 4120) started powershell.exe (PID 5300) on WS-014 at 2026-03-01 02:14:09 UTC.",
  "what: explorer.exe (PID 900) started WINWORD.EXE (PID 4120) on WS-014 at 2026-03-01 02:14:07 UTC.",
  'when: The first alert in this data is "Credential dumping" at 2026-03-01 02:16:30 UTC on WS-014.',
  "where: 2 connection records from 10.0.3.17 to 198.51.100.7 port 443, 10500 bytes out in total.",
  "extent: 8 events and 1 alert from 3 sources, from 2026-03-01 01:58:00 UTC to 2026-03-01 02:16:30 UTC.",
  "extent: The severity is high in 1 of 1 alert.",
  "gaps: The user is unknown in 4 of 8 events.",
];
const DIGEST = "86c0c05b4b4b869be186d7fcd3b5b4453b13caa9c4e4b25f0702ba576a505ce6";

test("one night, word for word: same records, same bytes", () => {
  const claims = summarise(fixture(NIGHT));
  expect(claims.filter((c) => c.front).map((c) => `${c.section}: ${c.text}`)).toEqual(FRONT);
  const digest = createHash("sha256").update(JSON.stringify(claims)).digest("hex");
  expect(digest).toBe(DIGEST);
});
