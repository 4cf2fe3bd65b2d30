/**
 * False sentences over true facts. Each was once `supported`; the predicates beside it all hold, only the
 * words say something else: who did it, to whom, in which order, how many, or that it is not so.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Predicate } from "#lib/domain/summary/claim.ts";
import { numberEvents, verifyClaimsAgainst } from "./verify-claims-against.ts";

type Sentence = {
  text: string;
  cites: string[];
  polarity?: string;
  predicates: Partial<Predicate>[];
};

const FOLDER = "lib/cli/verify-claims";
const linesOf = (file: string) => readFileSync(`${FOLDER}/${file}`, "utf8").trim().split("\n");
const records = linesOf("false-sentences-events.ndjson");
const sentences = linesOf("false-sentences.jsonl").map((line) => JSON.parse(line) as Sentence);

/** Each sentence quotes all of each record it cites, so that no quotation is at fault. */
function supported(given: Sentence[]): string[] {
  const claims = given.map(({ cites, ...rest }) => ({
    ...rest,
    citations: cites.map((id) => ({ id, quote: records[Number(id.slice(1)) - 1] })),
  }));
  const { claims: judged } = verifyClaimsAgainst(numberEvents(records), { claims });
  return judged.flatMap((c) => (c.standing === "supported" ? c.text : []));
}

test("no false sentence is supported", () => {
  expect(sentences.length).toBeGreaterThan(100);
  expect(supported(sentences)).toEqual([]);
});

test("true sentences over the same facts are", () => {
  const factsOf = (text: string) => sentences.find((s) => s.text === text)!;
  const told: [string, string][] = [
    [
      "A successful logon for asmith from 10.0.3.71 on dc01.",
      "A successful logon 3 for asmith on dc01.",
    ],
    ["10.0.3.14 connected to 203.0.113.9 on port 443.", "10.0.3.14 connected to ws-014."],
    ["powershell.exe deleted a.ps1 on ws-014.", "powershell.exe downloaded a.ps1 on ws-014."],
    ["asmith added mallory to Domain Admins.", "mallory added asmith to Domain Admins."],
    ["winword.exe started powershell.exe on ws-014.", "winword.exe, that powershell.exe started."],
    [
      "3 failed logons for asmith from 10.0.3.71.",
      "Over 3 failed logons for asmith from 10.0.3.71.",
    ],
    ["No connection to 203.0.113.9 from 10.0.9.9.", "No connection to 203.0.113.9."],
  ];
  const sound = told.map(([text, like]) => ({ ...factsOf(like), text }));
  expect(supported(sound)).toEqual(told.map(([text]) => text));
});
