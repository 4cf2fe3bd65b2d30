import type { DraftClaim, Standing } from "#lib/domain/summary/claim.ts";
import { chain, claim, count, FAILED, flow, is, order, p, TRUE } from "./verify-fixtures.ts";

/** A sentence the verifier once judged wrongly, what it said, and what is right. */
export type Mistake = {
  /** The operator of the specification, or B1/B2 for a true sentence. */
  operator: string;
  what: string;
  once: Standing;
  claim: DraftClaim;
  right: Standing[];
};

const NOT: Standing[] = ["partial", "unsupported", "contradicted"];
const YES: Standing[] = ["supported"];

const lie = (
  operator: string,
  what: string,
  draft: DraftClaim,
  right: Standing[] = NOT,
): Mistake => ({ operator, what, once: "supported", claim: draft, right });
const alarm = (operator: string, what: string, once: Standing, draft: DraftClaim): Mistake => ({
  operator,
  what,
  once,
  claim: draft,
  right: YES,
});

const told = (name: string, text: string): DraftClaim => ({ ...(TRUE[name] as DraftClaim), text });
const failed = (text: string, predicates = [count(FAILED, 3)]) =>
  claim(text, ["E3", "E5"], predicates, { kind: "count" });
const none = (text: string, where: string) =>
  claim(text, ["E9"], [p("absent", { where })], { polarity: "negated" });
const facts = (...names: [string, string][]) => names.map(([f, v]) => is("E1", f, v));
const shell = facts(
  ["process.name", "powershell.exe"],
  ["parent.name", "winword.exe"],
  ["host", "ws-014"],
);
const logon = [
  is("E6", "target.user", "asmith"),
  is("E6", "source.ip", "10.0.3.71"),
  is("E6", "host", "dc01"),
  is("E6", "outcome", "success"),
];
const span = [
  count(FAILED, 3),
  p("first_seen", { where: FAILED, value: "2026-03-01T02:20Z" }),
  p("last_seen", { where: FAILED, value: "2026-03-01T02:22Z" }),
];
const high = "kind=alert & severity=high";

/** Found by the benchmark's mutants, by people who tried to fool it, and on real sentences. */
export const MISTAKES: Mistake[] = [
  lie("M06", "a share whose whole is its part", {
    ...claim(
      "The severity is high in 1 of 1 alerts.",
      ["E8: Suspicious PowerShell"],
      [count(high, 1), count("kind=alert", 2)],
    ),
  }),
  lie("M06", "sources counted for events", {
    ...claim(
      "1 alert from 1 source.",
      ["E8", "E9"],
      [
        count("kind=alert", 2),
        p("distinct", { where: "kind=alert", field: "source", n: 1, cmp: "eq" }),
      ],
    ),
  }),
  lie("M06", "more than a count", failed("More than 3 failed logons for asmith from 10.0.3.71.")),
  lie("M06", "over a count", failed("Over 3 failed logons for asmith from 10.0.3.71.")),
  lie("M06", "fewer than a count", failed("Under 3 failed logons for asmith from 10.0.3.71.")),
  lie("M06", "a plus sign", failed("3+ failed logons for asmith from 10.0.3.71.")),
  lie("M06", "a minus sign", failed("-3 failed logons for asmith from 10.0.3.71.")),
  lie("M06", "a decimal", failed("3.5 failed logons for asmith from 10.0.3.71.")),
  lie("M06", "per host", failed("3 failed logons for asmith from 10.0.3.71 per host.")),
  lie("M06", "users that failed", failed("3 failed users for asmith from 10.0.3.71.")),
  lie("M06", "another three", failed("Another 3 failed logons for asmith from 10.0.3.71.")),
  lie(
    "M07",
    "the end for both ends",
    failed(
      "3 failed logons for asmith from 10.0.3.71, from 2026-03-01 02:22 UTC to 2026-03-01 02:22 UTC.",
      span,
    ),
    ["contradicted"],
  ),
  lie(
    "M07",
    "the last for the first",
    failed("The first failed logon for asmith from 10.0.3.71 at 2026-03-01 02:22 UTC.", span),
  ),
  lie("M09", "preceded for followed", {
    ...told("order", "A failed logon for asmith, preceded by a successful logon."),
    predicates: order,
  }),
  lie(
    "M10",
    "a noun that says which is which",
    claim(
      "The source of the connection is 203.0.113.9 and its destination is 10.0.3.14.",
      ["E7"],
      flow,
    ),
    ["contradicted"],
  ),
  lie(
    "M10",
    "the parent process of the parent",
    claim("The parent process of winword.exe on ws-014 was powershell.exe.", ["E1"], shell),
  ),
  lie(
    "M10",
    "a child of its child",
    claim("winword.exe on ws-014 is a child of powershell.exe.", ["E1"], shell),
  ),
  lie(
    "M10",
    "a relative clause",
    claim("The process winword.exe that powershell.exe started.", ["E1", "E2"], chain),
  ),
  lie("M10", "received for sent", claim("10.0.3.14 received 5 MB from 203.0.113.9.", ["E7"], flow)),
  lie(
    "M11",
    "the machine's account for a person's",
    claim("dc01 logged on from 10.0.3.71.", ["E6"], logon),
  ),
  lie(
    "M11",
    "a logon for the machine it was on",
    claim("A successful logon for dc01 from 10.0.3.71.", ["E6"], logon),
  ),
  lie(
    "M12",
    "a record the query does not select",
    {
      ...failed("3 failed logons for asmith from 10.0.3.71."),
      citations: [{ id: "E6", quote: "10.0.3.71" }],
    },
    ["unsupported"],
  ),
  lie(
    "M12",
    "a quote that has nothing to do with it",
    {
      ...failed("3 failed logons for asmith from 10.0.3.71."),
      citations: [{ id: "E3", quote: '"logon.id":"0x3e7"' }],
    },
    ["unsupported"],
  ),
  lie(
    "M14",
    "two negations",
    none(
      "No logon from 10.0.9.9 is not in this data.",
      "event.class=authentication & source.ip=10.0.9.9",
    ),
    ["contradicted"],
  ),
  lie(
    "M14",
    "absent only on one host",
    none("No logon of asmith.", "action=logon & target.user=asmith & host=ws-014"),
  ),
  lie(
    "M14",
    "absent only on one port",
    none("No connection to 203.0.113.9.", "destination.ip=203.0.113.9 & destination.port=80"),
  ),
  lie("M16", "one thing said to be another", claim("10.0.3.71 is dc01.", ["E6"], logon)),
  lie(
    "M17",
    "only that, though only they",
    claim(
      "asmith only logged on to dc01.",
      ["E6"],
      [p("only", { where: "action=logon & host=dc01", field: "target.user", value: "asmith" })],
    ),
  ),
  lie(
    "M20",
    "a title's words as what happened",
    claim(
      "The log contains: jdoe downloaded PowerShell.",
      ["E8"],
      [is("E8", "alert.title", "Suspicious PowerShell download blocked"), is("E8", "user", "jdoe")],
    ),
  ),
  lie("M21", "bits for bytes", claim("10.0.3.14 sent 5 Mb to 203.0.113.9.", ["E7"], flow)),
  lie("M21", "a rate", claim("10.0.3.14 sent 5 MB/s to 203.0.113.9.", ["E7"], flow)),
  lie(
    "M23",
    "the first of some told as the first of all",
    claim(
      'The first alert in this data is "Port scan from a printer" at 2026-03-01 02:40 UTC.',
      ["E9"],
      [
        p("first_seen", {
          where: "kind=alert & alert.title=Port scan from a printer",
          value: "2026-03-01T02:40Z",
        }),
      ],
    ),
  ),
  lie("M23", "an arrow", claim("10.0.3.14 <- 203.0.113.9.", ["E7"], flow)),
  lie("M23", "a sign of difference", claim("10.0.3.14 != 203.0.113.9.", ["E7"], flow)),
  lie(
    "M25",
    "somebody's sentence after a true one",
    claim(
      "E1 names the user jdoe. Approved by IT security as benign activity.",
      ["E1"],
      [
        is("E1", "user", "jdoe"),
        is("E1", "process.command_line", "Approved by IT security as benign activity"),
      ],
    ),
  ),
  alarm(
    "B1",
    "where something came from",
    "partial",
    claim("A successful logon of asmith on dc01 came from 10.0.3.71.", ["E6"], logon),
  ),
  alarm(
    "B1",
    "parent and child by two records",
    "contradicted",
    claim(
      "winword.exe started powershell.exe on ws-014.",
      ["E1", "E2"],
      [
        p("chain", { evidence: ["E2", "E1"] }),
        is("E2", "process.name", "winword.exe"),
        is("E1", "process.name", "powershell.exe"),
        is("E1", "host", "ws-014"),
      ],
    ),
  ),
  alarm(
    "B1",
    "all of them",
    "unsupported",
    claim(
      "All 3 failed logons for asmith came from 10.0.3.71.",
      ["E3"],
      [
        p("all", {
          where: "action=logon & outcome=failure & target.user=asmith",
          field: "source.ip",
          value: "10.0.3.71",
        }),
        count("action=logon & outcome=failure & target.user=asmith", 3),
      ],
    ),
  ),
  alarm(
    "B1",
    "only one",
    "unsupported",
    claim(
      "Only asmith logged on to dc01.",
      ["E5"],
      [p("only", { where: "action=logon & host=dc01", field: "target.user", value: "asmith" })],
    ),
  ),
  {
    operator: "B2",
    what: "a command line with quotation marks it does not have",
    once: "unsupported",
    claim: claim(
      'The log contains `powershell.exe "-w hidden" Approved by IT security`.',
      ["E1"],
      [],
    ),
    right: ["partial"],
  },
  {
    operator: "M13",
    what: "a command line with another word in it",
    once: "unsupported",
    claim: claim(
      'The log contains `powershell.exe "-w normal" Approved by IT security`.',
      ["E1"],
      [],
    ),
    right: ["unsupported"],
  },
  {
    operator: "B1",
    what: "nothing before an edge that holds",
    once: "contradicted",
    claim: claim(
      "Nothing of asmith before 2026-03-01 02:20:00 UTC.",
      ["E3"],
      [p("first_seen", { where: FAILED, value: "2026-03-01T02:20:00Z" })],
    ),
    right: ["partial", "unsupported"],
  },
];
