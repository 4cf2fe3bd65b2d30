/**
 * B3: four reports of a model (o4-mini) about the ExCyTIn incidents, cut into claims, cited,
 * verified, and compared with what one person said of each after reading the incident's records.
 *
 * Citations: the alerts the report itself names for a claim by their graph number; else the fewest
 * alerts that together hold, word for word, what the claim names, rarest names first, at most
 * eight; else at most three alerts whose titles share the most words with it, two at least; else
 * the incident's own record. What a record holds of the claim is quoted, else its title.
 *
 * Predicates: none, and, in a second run, the mechanical `field` predicates of
 * natural-predicates.ts with their values quoted, since without any predicate nothing is
 * `supported`.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DraftClaim, Standing, VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { STANDINGS } from "#lib/domain/summary/claim.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import { citeNames, markedIn, quoteOf, shapedIn, type Source, toSource } from "./natural-cite.ts";
import { loadNaturalIncidents, missingData, type NaturalIncident } from "./natural-incident.ts";
import { stateFields } from "./natural-predicates.ts";
import { type ReportClaim, splitReport } from "./natural-split.ts";
import { EXCYTIN_SIDES, type Side } from "./split.ts";
import { wilson } from "./wilson.ts";

/** `table[label][standing]`: rows are the person's labels, columns the verifier's standings. */
export type Confusion = {
  n: number;
  table: Record<Standing, Record<Standing, number>>;
  /** Same word from both. */
  agreement: { hits: number; share: number; interval: [number, number] };
  /** Of the claims the verifier calls supported, those the person calls supported too. */
  supportedPrecision: { hits: number; n: number; share: number | null; interval: [number, number] };
  /** Of the claims the person calls unsupported or contradicted, those the verifier calls so. */
  hardRecall: { hits: number; n: number; share: number | null; interval: [number, number] };
  /**
   * Of the claims the person calls supported, those the verifier calls unsupported or contradicted.
   */
  hardAlarms: { hits: number; n: number; share: number | null; interval: [number, number] };
};

export type ReportRun = { all: Confusion; dev: Confusion; heldOut: Confusion };

export type ReportScore =
  | { data: null; reason: string }
  | {
      data: { plain: JudgedReportClaim[]; withFields: JudgedReportClaim[] };
      reason: null;
      labeller: string;
      /** Claims without a label: the splitter has changed since they were labelled. */
      unlabelled: number;
      plain: ReportRun;
      withFields: ReportRun;
    };

export type JudgedReportClaim = {
  report: number;
  side: Side;
  label: Standing;
  got: VerifiedClaim;
};

type Labels = { labeller: string; reports: Record<string, Record<string, Standing>> };

const MOST_CITED = 8;

/** The label's key: the first 16 hex digits of the SHA-256 of the claim's text. */
export function claimKey(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** Reads, cuts, cites, verifies and compares; `folder` is grounding/excytin of the sample data. */
export function scoreReports(folder: string | null): ReportScore {
  const files = Object.keys(EXCYTIN_SIDES).map((number) => `report_${number}.txt`);
  const reason = missingData(folder, files);
  if (folder === null || reason !== null) return { data: null, reason: reason ?? "" };
  const labels = readLabels();
  const incidents = loadNaturalIncidents(folder);
  const plain = judgeReports(folder, incidents, labels, false);
  const withFields = judgeReports(folder, incidents, labels, true);
  return {
    data: { plain: plain.judged, withFields: withFields.judged },
    reason: null,
    labeller: labels.labeller,
    unlabelled: plain.unlabelled,
    plain: toRun(plain.judged),
    withFields: toRun(withFields.judged),
  };
}

function readLabels(): Labels {
  const file = new URL("report-labels.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Labels;
}

function judgeReports(
  folder: string,
  incidents: NaturalIncident[],
  labels: Labels,
  fields: boolean,
): { judged: JudgedReportClaim[]; unlabelled: number } {
  let unlabelled = 0;
  const judged = incidents.flatMap((incident) => {
    const { number, side, evidence } = incident;
    const report = readFileSync(join(folder, `report_${number}.txt`), "utf8");
    const cut = splitReport(report);
    const got = verifyClaims(citeReport(cut, incident, fields), evidence);
    return got.flatMap((claim) => {
      const label = labels.reports[number]?.[claimKey(claim.text)];
      if (label === undefined) unlabelled += 1;
      return label === undefined ? [] : [{ report: number, side, label, got: claim }];
    });
  });
  return { judged, unlabelled };
}

/** The claims of one report with their citations. */
export function citeReport(
  cut: ReportClaim[],
  { evidence, raws, labels }: NaturalIncident,
  fields: boolean,
): DraftClaim[] {
  const sources = evidence.records.map(({ position, title, kind }) => ({
    ...toSource(`E${position}`, raws.get(`E${position}`) ?? ""),
    title,
    alert: kind === "alert",
  }));
  return cut.map(({ text, nodes }): DraftClaim => {
    const told = nodes.flatMap((node) => labels.get(node) ?? []);
    const chosen = choose(text, told, sources);
    const polarity = /^No\b/.test(text) ? "negated" : "affirmed";
    const stated = fields ? stateFields(text, chosen, evidence.records) : null;
    const plain = { citations: citePlain(text, chosen), predicates: [] };
    return { text, kind: "observation", polarity, ...(stated ?? plain) };
  });
}

type Titled = Source & { title: string; alert: boolean };

/**
 * The alerts named by number, else a cover of what is named, else by title, else the whole
 * incident.
 */
function choose(text: string, told: string[], sources: Titled[]): Titled[] {
  const alerts = sources.filter(({ alert }) => alert);
  const own = alerts.filter(({ label }) => told.includes(label));
  if (own.length > 0) return own;
  const covering = cover(namesOf(text), alerts);
  if (covering.length > 0) return covering;
  const words = wordsOf(text);
  const shared = alerts.map(({ title }) => wordsOf(title).filter((w) => words.includes(w)).length);
  const most = Math.max(0, ...shared);
  if (most >= 2) return alerts.filter((_, at) => shared[at] === most).slice(0, 3);
  return sources.filter(({ alert }) => !alert);
}

function wordsOf(text: string): string[] {
  return [...new Set(text.toLowerCase().match(/\p{L}{4,}/gu))];
}

/** What the claim names in each chosen record; where a record holds none of it, its title. */
function citePlain(text: string, chosen: Titled[]): DraftClaim["citations"] {
  const names = namesOf(text);
  return chosen.flatMap((source) => {
    const quoted = citeNames(names, [source]);
    const title = quoteOf(source, source.title);
    if (quoted.length > 0 || title === null) return quoted;
    return [{ id: source.label, quote: title }];
  });
}

/**
 * A bare clock or date is in too many records to choose one by; date and clock together are not.
 */
function namesOf(text: string): string[] {
  const plain = text.replace(/[\u2010-\u2015]/g, "-");
  const times = plain.match(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?/g) ?? [];
  const names = [...markedIn(plain), ...shapedIn(plain)].filter(
    (name) => !/^[\d:-]+$/.test(name) || /^\d{3,5}$/.test(name),
  );
  return [...new Set([...names, ...times].map((name) => name.replace(/[.,]$/, "")))];
}

/** Greedy set cover: the record with the most, and the rarest, of the names not yet covered. */
function cover(names: string[], sources: Titled[]): Titled[] {
  const holders = new Map<string, Set<string>>();
  for (const name of names) {
    const held = sources.filter((source) => quoteOf(source, name) !== null);
    if (held.length > 0) holders.set(name, new Set(held.map(({ label }) => label)));
  }
  const chosen: Titled[] = [];
  while (holders.size > 0 && chosen.length < MOST_CITED) {
    const worth = (source: Titled) =>
      [...holders.values()].reduce((n, set) => n + (set.has(source.label) ? 1 / set.size : 0), 0);
    const best = sources.reduce((a, b) => (worth(b) > worth(a) ? b : a));
    chosen.push(best);
    for (const [name, set] of holders) if (set.has(best.label)) holders.delete(name);
  }
  return chosen.toSorted((a, b) => sources.indexOf(a) - sources.indexOf(b));
}

function toRun(judged: JudgedReportClaim[]): ReportRun {
  return {
    all: confusionOf(judged),
    dev: confusionOf(judged.filter(({ side }) => side === "dev")),
    heldOut: confusionOf(judged.filter(({ side }) => side === "held-out")),
  };
}

/** The table of labels against standings, and what follows from it. */
export function confusionOf(judged: { label: Standing; got: { standing: Standing } }[]): Confusion {
  const row = () => ({ supported: 0, partial: 0, unsupported: 0, contradicted: 0 });
  const table = { supported: row(), partial: row(), unsupported: row(), contradicted: row() };
  for (const { label, got } of judged) table[label][got.standing] += 1;
  const hard: Standing[] = ["unsupported", "contradicted"];
  const sum = (labels: readonly Standing[], standings: readonly Standing[]) =>
    labels.reduce((n, a) => n + standings.reduce((m, b) => m + table[a][b], 0), 0);
  const n = judged.length;
  const agreed = STANDINGS.reduce((total, standing) => total + table[standing][standing], 0);
  return {
    n,
    table,
    agreement: { hits: agreed, share: n === 0 ? 0 : agreed / n, interval: wilson(agreed, n) },
    supportedPrecision: shareOf(table.supported.supported, sum(STANDINGS, ["supported"])),
    hardRecall: shareOf(sum(hard, hard), sum(hard, STANDINGS)),
    hardAlarms: shareOf(sum(["supported"], hard), sum(["supported"], STANDINGS)),
  };
}

function shareOf(hits: number, n: number): Confusion["supportedPrecision"] {
  return { hits, n, share: n === 0 ? null : hits / n, interval: wilson(hits, n) };
}
