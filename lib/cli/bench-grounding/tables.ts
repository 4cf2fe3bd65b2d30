/** The figures of a report as tables of text, for the screen and for docs/grounding-benchmark.md. */
import { STANDINGS } from "#lib/domain/summary/claim.ts";
import { percentile, round } from "../figures.ts";
import { OPERATORS } from "./operators.ts";
import { isLie, targetsOf } from "./report.ts";
import type { Origin } from "./bench-claim.ts";
import type { Report } from "./report.ts";
import { percent, shareWithInterval, sumOf } from "./tally.ts";
import type { Side } from "./split.ts";
import type { Measure } from "./tagged.ts";

/** The first row is the head. */
export type Table = { title: string; rows: string[][]; note?: string };

export function tablesOf(report: Report): Table[] {
  return [
    inputTable(report),
    ...report.sides.map((side) => operatorTable(report, side)),
    claimTable(report),
    strataTable(report, "kind"),
    strataTable(report, "format"),
    relationTable(report, "constructed", "The constructor's claims by relation"),
    relationTable(report, "reserved", "In reserved phrases, by relation (held-out)"),
    naturalTable(report),
    reportsTable(report),
    taggedTable(report),
    timeTable(report),
    curveTable(report),
    hostileTable(report),
    ...report.sides.map((side) => targetTable(report, side)),
  ].filter(({ rows }) => rows.length > 1);
}

function inputTable({ tally, sides }: Report): Table {
  const rows = sides.map((side) => [
    side,
    String(tally.incidents[side]),
    String(tally.records[side]),
    String(tally.leftOut[side]),
  ]);
  return {
    title: "Input",
    rows: [["side", "incidents", "records", "left out by the cap"], ...rows],
  };
}

function operatorTable({ tally }: Report, side: Side): Table {
  const line = (name: string, says: string, ids: (id: string) => boolean): string[] => {
    const { n, equivalent, detected, exact, supported } = sumOf(tally, [side], ids);
    const keeps = OPERATORS.some(({ id, keeps: kept }) => kept && ids(id)) && !isLie(name);
    const share = (hits: number) => (n === 0 ? "-" : percent(hits / n));
    return [
      name,
      says,
      String(n),
      String(equivalent),
      keeps ? `${detected} alarms` : share(detected),
      share(exact),
      keeps ? "-" : shareWithInterval(supported, n),
    ];
  };
  const head = [
    "",
    "what is wrong",
    "n",
    "equivalent, left out",
    "detected",
    "exact label",
    "false-supported (95 %)",
  ];
  const rows = OPERATORS.map(({ id, says }) => line(id, says, (other) => other === id));
  return {
    title: `Mutants, ${side}`,
    rows: [head, ...rows, line("all", "lies (all but M05, M26)", isLie)],
  };
}

const AUTHORS = {
  rules: "(a) the rules summary",
  constructed: "(b) the constructor",
  reserved: "the constructor, in reserved phrases (not B1)",
};

function claimTable({ tally }: Report): Table {
  const head = ["side", "true claims of", "n", ...STANDINGS, "coverage: supported (95 %)"];
  const rows = [...tally.claims.values()].map(({ side, origin, n, standings }) => [
    side,
    AUTHORS[origin],
    String(n),
    ...STANDINGS.map((standing) => String(standings[standing])),
    shareWithInterval(standings.supported, n),
  ]);
  return {
    title: "True claims (B1): what is not supported is a false alarm",
    rows: [head, ...rows],
    note: "In reserved phrases: wording that no rule was written against; `partial` there is language the verifier does not vouch for, `unsupported` and `contradicted` are false alarms.",
  };
}

function strataTable({ tally, sides }: Report, by: "kind" | "format"): Table {
  const names = [
    ...new Set([...tally.strata.values()].filter((s) => s.by === by).map((s) => s.name)),
  ];
  const rows = names.toSorted().map((name) => [
    name,
    ...sides.flatMap((side) => {
      const stratum = tally.strata.get(`${side} ${by} ${name}`);
      return [String(stratum?.n ?? 0), String((stratum?.n ?? 0) - (stratum?.supported ?? 0))];
    }),
  ]);
  const head = [by, ...sides.flatMap((side) => [`${side} n`, `${side} alarms`])];
  return { title: `True claims by ${by}`, rows: [head, ...rows] };
}

function relationTable({ tally }: Report, origin: Origin, title: string): Table {
  const own = [...tally.strata.values()].filter(
    (s) => s.by === "relation" && s.name.startsWith(`${origin}: `),
  );
  const rows = own.map(({ side, name, n, supported, hard }) => [
    side,
    name.slice(origin.length + 2),
    String(n),
    String(supported),
    String(n - supported - hard),
    String(hard),
  ]);
  const head = ["side", "relation", "n", "supported", "partial", "unsupported or contradicted"];
  return { title, rows: [head, ...rows] };
}

function naturalTable({ natural }: Report): Table {
  const title = "Model sentences without predicates (B2)";
  if (natural.data === null) return { title, rows: [["not run"], [natural.reason]] };
  const line = (name: string, { sentences, standings: s, hard }: typeof natural.dev) => [
    name,
    String(sentences),
    ...[s.supported, s.partial, s.unsupported, s.contradicted].map(String),
    shareWithInterval(hard.hits, hard.n),
  ];
  return {
    title,
    rows: [
      ["side", "n", "supported", "partial", "unsupported", "contradicted", "hard alarms (95 %)"],
      line("dev", natural.dev),
      line("held-out", natural.heldOut),
      line("dev, citing its own alert alone", natural.strict.dev),
      line("held-out, citing its own alert alone", natural.strict.heldOut),
    ],
    note: `Hard alarms whose sentence puts a value in backticks that no record of the incident holds in any spelling, found by code: ${natural.heldNowhere.dev} on dev, ${natural.heldNowhere.heldOut} on held-out. The figures above count them as alarms all the same.`,
  };
}

function reportsTable({ reports }: Report): Table {
  const title = "Model reports, labelled by one person (B3)";
  if (reports.data === null) return { title, rows: [["not run"], [reports.reason]] };
  const share = ({ hits, n }: { hits: number; n: number }) =>
    n === 0 ? "- (n=0)" : `${hits} of ${n}`;
  const rows = (["plain", "withFields"] as const).flatMap((run) =>
    (["dev", "heldOut"] as const).map((side) => {
      const c = reports[run][side];
      const name = run === "plain" ? "without predicates" : "with field predicates";
      return [
        side === "dev" ? "dev" : "held-out",
        name,
        String(c.n),
        `${c.agreement.hits} of ${c.n}`,
        share(c.supportedPrecision),
        share(c.hardRecall),
        share(c.hardAlarms),
      ];
    }),
  );
  const head = [
    "side",
    "run",
    "n",
    "same label",
    "precision of supported",
    "recall of hard",
    "hard alarms",
  ];
  return { title, rows: [head, ...rows], note: `Labelled by: ${reports.labeller}.` };
}

function taggedTable({ tagged }: Report): Table {
  const line = (name: string, sentences: number, m: Measure) => [
    name,
    String(sentences),
    String(m.tagged),
    m.precision === null ? "-" : percent(m.precision),
    m.recall === null ? "-" : percent(m.recall),
    m.f1 === null ? "-" : percent(m.f1),
  ];
  return {
    title: "The extractor on hand-tagged sentences",
    rows: [
      ["half, match", "sentences", "tagged", "precision", "recall", "F1"],
      line("dev, exact", tagged.dev.sentences, tagged.dev.exact),
      line("held-out, exact", tagged.heldOut.sentences, tagged.heldOut.exact),
      line("dev, overlapping", tagged.dev.sentences, tagged.dev.relaxed),
      line("held-out, overlapping", tagged.heldOut.sentences, tagged.heldOut.relaxed),
    ],
  };
}

function timeTable({ tally, rssMb }: Report): Table {
  const { msPerClaim } = tally;
  return {
    title: "Time for a claim, its incident's index shared out, and memory",
    rows: [
      ["p50", "p95", "n", "peak memory of the run"],
      [
        `${round(percentile(msPerClaim, 0.5))} ms`,
        `${round(percentile(msPerClaim, 0.95))} ms`,
        String(msPerClaim.length),
        `${Math.round(rssMb)} MiB`,
      ],
    ],
  };
}

function curveTable({ curve }: Report): Table {
  const rows = curve.map((point, at) => {
    const before = curve[at - 1];
    const ratio = before
      ? point.warmMs / before.warmMs / (point.events / before.events)
      : Number.NaN;
    return [
      point.events.toLocaleString("en-US"),
      `${point.claims}, ${point.supported} supported`,
      `${round(point.ms)} ms`,
      `${round(point.warmMs)} ms`,
      before ? ratio.toFixed(2) : "-",
      `${Math.round(point.rssMb)} MiB`,
    ];
  });
  const head = [
    "events",
    "claims",
    "cold",
    "warm",
    "warm, against linear growth from the row above",
    "peak memory",
  ];
  return {
    title: "50 claims over N events: the fastest of three new processes",
    rows: [head, ...rows],
    note: "Cold: the first verification in a process. Warm: one more, with a new index. Linear growth is 1.00; less is better.",
  };
}

/** The slowest text in each place. */
function hostileTable({ hostile }: Report): Table {
  const places = [...new Set(hostile.map(({ place }) => place))];
  const rows = places.map((place) => {
    const own = hostile.filter((h) => h.place === place).toSorted((a, b) => b.ms - a.ms);
    const [worst] = own;
    return [
      place,
      String(own.length),
      worst?.text ?? "",
      `${round(worst?.ms ?? 0)} ms`,
      worst?.standing ?? "",
      worst?.refusal ?? "",
    ];
  });
  return {
    title: "1 MB of hostile text: the slowest in each place",
    rows: [["place", "texts", "slowest", "time", "standing", "first reason"], ...rows],
  };
}

function targetTable(report: Report, side: Side): Table {
  const rows = targetsOf(report, side).map(({ what, target, figure, met }) => [
    what,
    target,
    figure,
    met === null ? "not measured" : met ? "met" : "NOT MET",
  ]);
  return { title: `Must reach, on ${side}`, rows: [["what", "target", "figure", ""], ...rows] };
}

export function asText({ title, rows, note }: Table): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? "").length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`\n${title}`, ...lines, ...(note ? [note] : [])].join("\n");
}

export function asMarkdown({ title, rows, note }: Table): string {
  const line = (row: string[]) =>
    `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const [head = [], ...body] = rows;
  const rule = `| ${head.map(() => "---").join(" | ")} |`;
  return [`## ${title}`, "", line(head), rule, ...body.map(line), ...(note ? ["", note] : [])].join(
    "\n",
  );
}
