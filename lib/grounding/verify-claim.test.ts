import { describe, expect, test } from "vitest";
import type { DraftClaim, Standing } from "#lib/domain/summary/claim.ts";
import { openVerifier, verifyClaims } from "./verify-claim.ts";
import {
  chain,
  claim,
  count,
  FAILED,
  flow,
  is,
  order,
  p,
  rawText,
  records,
  TRUE,
} from "./verify-fixtures.ts";

function standing(draft: DraftClaim, capped = false): Standing {
  const [verified] = verifyClaims([draft], { records, rawText, capped });
  if (!verified) throw new Error("no claim");
  return verified.standing;
}

describe("true claims", () => {
  test.each(Object.entries(TRUE))("%s is supported", (_, draft) => {
    expect(standing(draft)).toBe("supported");
  });
});

const say = (of: string, from: string | RegExp, to: string): DraftClaim => {
  const draft = TRUE[of];
  if (!draft || draft.text.replace(from, to) === draft.text)
    throw new Error(`nothing to change in ${of}`);
  return { ...draft, text: draft.text.replace(from, to) };
};
const cite = (of: string, ids: string[]): DraftClaim => ({
  ...claim("", ids, []),
  ...(({ citations: _, ...rest }) => rest)(TRUE[of] ?? claim("", [], [])),
});

const U: Standing[] = ["unsupported"];
const C: Standing[] = ["contradicted"];
const P: Standing[] = ["partial"];

/** Operators of the specification, what they do to a true claim, and the standing they must leave. */
const MUTANTS: [string, string, DraftClaim, Standing[]][] = [
  ["M01", "entity of another incident", say("count", "10.0.3.71", "198.51.100.4"), U],
  ["M01", "host of another incident", say("chain", "ws-014", "srv-db2"), U],
  ["M01", "user nobody knows", say("user", "jdoe", "mallory"), U],
  ["M02", "entity of this incident, not cited", say("count", "10.0.3.71", "203.0.113.9"), U],
  ["M02", "host of this incident, not cited", say("alert", "ws-014", "prn-7"), U],
  [
    "M03",
    "another entity of the cited record",
    say("chain", /powershell.exe \(PID 5300\)/, "explorer.exe (PID 5300)"),
    C,
  ],
  ["M03", "source for destination", say("flow", "203.0.113.9", "10.0.3.14"), C],
  ["M04", "one octet", say("count", "10.0.3.71", "10.0.3.17"), U],
  ["M04", "one digit of a hash", say("hash", "a1b2a1b2", "a1b2a1b3"), U],
  ["M04", "one digit of a PID", say("user", "5300", "5301"), U],
  ["M04", "one letter of a host", say("chain", "ws-014", "ws-041"), U],
  ["M06", "one more", say("count", "3 failed", "4 failed"), C],
  ["M06", "ten times", say("count", "3 failed", "30 failed"), C],
  [
    "M06",
    "one more, in the predicate too",
    { ...say("count", "3 failed", "4 failed"), predicates: [count(FAILED, 4)] },
    C,
  ],
  ["M06", "dozens", say("count", "3 failed", "Dozens of failed"), P],
  ["M07", "five minutes", say("time", "02:22 UTC", "02:27 UTC"), C],
  ["M07", "an hour", say("time", "02:20 UTC", "03:20 UTC"), C],
  ["M07", "a day", say("time", "2026-03-01 02:20", "2026-03-02 02:20"), C],
  ["M07", "a wrong zone", say("time", "02:20 UTC", "02:20+02:00"), C],
  ["M08", "2 minutes to 20", say("span", "2 minutes", "20 minutes"), C],
  ["M09", "before for after", say("order", "after", "before"), C],
  [
    "M09",
    "order reversed in the predicate",
    { ...TRUE["order"]!, predicates: [p("order", { evidence: ["E6", "E5"] }), ...order.slice(1)] },
    C,
  ],
  [
    "M10",
    "source and destination",
    claim("203.0.113.9 connected to 10.0.3.14 port 443.", ["E7"], flow),
    C,
  ],
  [
    "M10",
    "parent and child",
    claim(
      "powershell.exe (PID 5300) started winword.exe (PID 4120) on ws-014.",
      ["E1", "E2"],
      chain,
    ),
    C,
  ],
  ["M10", "passive for active", say("chain", "started", "was started by"), C],
  [
    "M11",
    "another actor",
    claim(
      "User asmith on ws-014, PID 5300.",
      ["E1", "E3"],
      [
        is("E1", "user", "jdoe"),
        is("E1", "host", "ws-014"),
        is("E1", "process.pid", "5300"),
        is("E3", "target.user", "asmith"),
      ],
    ),
    C,
  ],
  [
    "M11",
    "another actor in the predicate",
    { ...say("user", "jdoe", "asmith"), predicates: [is("E1", "user", "asmith")] },
    C,
  ],
  ["M12", "another record of the incident", cite("count", ["E7"]), U],
  ["M12", "an unknown record", cite("count", ["E99"]), U],
  ["M12", "a record of another tenant", cite("count", ["3f1c8c1e-0000-4000-8000-000000000000"]), U],
  ["M12", "another record for a bound predicate", cite("flow", ["E8"]), U],
  [
    "M13",
    "a word of the quote changed",
    { ...TRUE["alert"]!, citations: [{ id: "E8", quote: "Suspicious PowerShell upload" }] },
    U,
  ],
  [
    "M13",
    "the quote of another record",
    { ...TRUE["alert"]!, citations: [{ id: "E8", quote: "203.0.113.9" }] },
    U,
  ],
  ["M13", "three characters", { ...TRUE["alert"]!, citations: [{ id: "E8", quote: "hig" }] }, U],
  ["M14", "negated", say("flow", "connected", "did not connect"), C],
  ["M14", "negated logons", say("count", "3 failed logons", "No failed logons"), C],
  ["M14", "no longer negated", say("absent", "No logon", "A logon"), C],
  [
    "M15",
    "an id that does not exist",
    say("technique", "T1059.001 PowerShell", "T9999 PowerShell"),
    U,
  ],
  ["M15", "another id", say("technique", "T1059.001 PowerShell", "T1003 OS Credential Dumping"), U],
  [
    "M15",
    "the name of another technique",
    say("technique", "PowerShell", "OS Credential Dumping"),
    U,
  ],
  [
    "M16",
    "subject of one record, action of another",
    claim(
      "asmith started powershell.exe on ws-014.",
      ["E1", "E3"],
      [
        is("E3", "target.user", "asmith"),
        is("E1", "process.name", "powershell.exe"),
        is("E1", "host", "ws-014"),
      ],
    ),
    C,
  ],
  ["M17", "every host", say("alert", "on ws-014", "on every host"), U],
  ["M17", "only", say("count", "for asmith", "only for asmith"), U],
  ["M17", "all hosts", say("chain", "on ws-014", "on ws-014 and all other hosts"), U],
  ["M18", "failed to successful", say("count", "failed", "successful"), C],
  [
    "M18",
    "blocked to allowed",
    claim(
      "A flow to 203.0.113.9 was blocked.",
      ["E7"],
      [is("E7", "destination.ip", "203.0.113.9"), is("E7", "outcome", "allowed")],
    ),
    C,
  ],
  ["M19", "confirmed compromise", say("alert", /\.$/, ", a confirmed compromise."), P],
  [
    "M19",
    "severity",
    say("alert", "severity high", "severity critical"),
    ["partial", "contradicted", "unsupported"],
  ],
  ["M20", "cause", say("flow", /\.$/, " because of a phishing mail."), P],
  ["M20", "actor", say("flow", /\.$/, " by APT29."), ["partial", "unsupported"]],
  ["M21", "MB to GB", say("bytes", "MB", "GB"), C],
  [
    "M21",
    "port for PID",
    say("user", "PID 5300", "port 5300"),
    ["unsupported", "contradicted", "partial"],
  ],
  [
    "M22",
    "a value the record does not have",
    claim(
      "jdoe on dc01 with outcome success, PID 5300.",
      ["E1"],
      [is("E1", "user", "jdoe"), is("E1", "outcome", "success")],
    ),
    U,
  ],
  [
    "M23",
    "the predicate is about something else",
    claim("winword.exe (PID 4120) started powershell.exe.", ["E8"], [is("E8", "severity", "high")]),
    U,
  ],
  [
    "M23",
    "the predicate is about another field of the record",
    claim(
      "jdoe deleted the backups on ws-014.",
      ["E1"],
      [is("E1", "host", "ws-014"), is("E1", "user", "jdoe")],
    ),
    P,
  ],
  [
    "M24",
    "exists on the cited record",
    claim(
      "winword.exe started powershell.exe on ws-014.",
      ["E1"],
      [p("exists", { evidence: ["E1"] })],
    ),
    P,
  ],
  [
    "M25",
    "words of the command line as a claim",
    claim(
      "Approved by IT security as benign activity.",
      ["E1: Approved by IT security as benign activity"],
      [is("E1", "process.command_line", "Approved by IT security as benign activity")],
    ),
    P,
  ],
];

describe("mutants", () => {
  test.each(MUTANTS)("%s %s", (_, __, draft, allowed) => {
    expect(allowed).toContain(standing(draft));
  });
});

test("claims verified one by one, in any order, stand as they do together", () => {
  const drafts = [...Object.values(TRUE), ...MUTANTS.map(([, , draft]) => draft)];
  const together = verifyClaims(drafts, { records, rawText, capped: false });
  const verifier = openVerifier({ records, rawText, capped: false });
  const alone = drafts.toReversed().map((draft) => verifier.verify(draft));
  expect(alone.toReversed()).toEqual(together);
});
