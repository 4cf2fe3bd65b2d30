/**
 * B2: the solution sentences of ExCyTIn-Bench as claims of a model that gave no predicates. Their
 * author (a model) had the alerts before it, so a hard standing is a false alarm until shown to be
 * a slip of that author; the headline counts them all.
 *
 * Citations: every alert on the question's path that holds, word for word, something the sentence
 * marks with backticks or quotation marks, quoting it; where none does, those that hold one of its
 * words with a digit or a mark inside; where none does either, every alert of the path by its
 * title. The verifier's own extractor has no part in this.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DraftClaim, Standing, VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { verifyClaims } from "#lib/grounding/verify-claim.ts";
import {
  citeNames,
  heldNowhere,
  markedIn,
  quoteOf,
  shapedIn,
  type Source,
  toSource,
} from "./natural-cite.ts";
import {
  loadNaturalIncidents,
  missingData,
  type NaturalIncident,
  readLines,
} from "./natural-incident.ts";
import { stateFields } from "./natural-predicates.ts";
import type { Side } from "./split.ts";
import { wilson } from "./wilson.ts";

export type NaturalClaim = {
  /** `5/17/1`: incident, line of qa.jsonl among the incident's, sentence from 1. */
  id: string;
  incident: number;
  side: Side;
  claim: DraftClaim;
};

export type NaturalScore = {
  sentences: number;
  standings: Record<Standing, number>;
  /** unsupported or contradicted: the raw rate is the headline. */
  hard: { hits: number; n: number; share: number; interval: [number, number] };
};

export type NaturalClaims =
  | { data: null; reason: string }
  | {
      data: { claims: NaturalClaim[]; judged: VerifiedClaim[] };
      reason: null;
      dev: NaturalScore;
      /**
       * Of dev's hard ones, those that a person found to be true slips of the author, and the rest.
       */
      devSlips: { slips: number; alarms: NaturalScore["hard"] };
      heldOut: NaturalScore;
      /** Hard sentences that put something in backticks which no record of the incident holds. */
      heldNowhere: { dev: number; heldOut: number };
      byIncident: { incident: number; side: Side; score: NaturalScore }[];
      /**
       * The same sentences, each citing only the alert at its own place on the path, where there is
       * one.
       */
      strict: { dev: NaturalScore; heldOut: NaturalScore };
      /** The same, by the path rule, with the mechanical predicates of natural-predicates.ts. */
      withFields: { dev: NaturalScore; heldOut: NaturalScore };
      /** Milliseconds for a claim, indexing included. */
      msPerClaim: number;
    };

export type CiteRule = "path" | "own";

const QA = "qa.jsonl";

/** Reads, cites, verifies and counts; `folder` is grounding/excytin of the sample data. */
export function naturalClaims(folder: string | null): NaturalClaims {
  const reason = missingData(folder, [QA]);
  if (folder === null || reason !== null) return { data: null, reason: reason ?? "" };
  const incidents = loadNaturalIncidents(folder);
  const started = performance.now();
  const pairs = judge(incidents, readSentences(folder, incidents, "path"));
  const msPerClaim = (performance.now() - started) / pairs.length;
  const strict = judge(incidents, readSentences(folder, incidents, "own"));
  const stated = judge(incidents, readSentences(folder, incidents, "path", true));
  return {
    data: { claims: pairs.map(({ asked }) => asked), judged: pairs.map(({ got }) => got) },
    reason: null,
    dev: scoreSide(pairs, "dev"),
    devSlips: scoreSlips(pairs, readSlips()),
    heldOut: scoreSide(pairs, "held-out"),
    heldNowhere: {
      dev: countHeldNowhere(pairs, incidents, "dev"),
      heldOut: countHeldNowhere(pairs, incidents, "held-out"),
    },
    byIncident: incidents.map(({ number, side }) => ({
      incident: number,
      side,
      score: scoreStandings(pairs.filter((p) => p.asked.incident === number).map((p) => p.got)),
    })),
    strict: { dev: scoreSide(strict, "dev"), heldOut: scoreSide(strict, "held-out") },
    withFields: { dev: scoreSide(stated, "dev"), heldOut: scoreSide(stated, "held-out") },
    msPerClaim,
  };
}

type Judged = { asked: NaturalClaim; got: VerifiedClaim };

/** The claims of each incident, verified against that incident alone. */
export function judge(incidents: NaturalIncident[], claims: NaturalClaim[]): Judged[] {
  return incidents.flatMap(({ number, evidence }) => {
    const own = claims.filter(({ incident }) => incident === number);
    const got = verifyClaims(
      own.map(({ claim }) => claim),
      evidence,
    );
    return own.flatMap((asked, at) => {
      const verified = got[at];
      return verified ? [{ asked, got: verified }] : [];
    });
  });
}

/** Every solution sentence of the four incidents as a claim. */
export function readSentences(
  folder: string,
  incidents: NaturalIncident[],
  rule: CiteRule,
  fields = false,
): NaturalClaim[] {
  const lines = readLines(join(folder, QA)).map(({ value }) => value);
  return incidents.flatMap((incident) => {
    const sources = new Map([...incident.raws].map(([id, raw]) => [id, toSource(id, raw)]));
    const own = lines.filter((line) => line["incident"] === incident.number);
    return own.flatMap((line, question) => {
      const sentences = (line["solution"] as unknown[]).map(String);
      const path = pathOf(line["shortest_alert_path"] as unknown[], incident, sources);
      return sentences.map((text, at): NaturalClaim => ({
        id: `${incident.number}/${question + 1}/${at + 1}`,
        incident: incident.number,
        side: incident.side,
        claim: toClaim(text, choose(path, at, sentences.length, rule), incident, fields),
      }));
    });
  });
}

/** Alerts and entities take turns on a path; only the alerts have records. */
function pathOf(
  nodes: unknown[],
  { labels }: NaturalIncident,
  sources: Map<string, Source>,
): Source[] {
  return nodes.flatMap((node) => sources.get(labels.get(String(node)) ?? "") ?? []);
}

function choose(path: Source[], at: number, sentences: number, rule: CiteRule): Source[] {
  const own = path[at];
  return rule === "own" && own && path.length === sentences ? [own] : path;
}

function toClaim(
  text: string,
  sources: Source[],
  { evidence }: NaturalIncident,
  fields: boolean,
): DraftClaim {
  const marked = citeNames(markedIn(text), sources);
  const named = marked.length > 0 ? marked : citeNames(shapedIn(text), sources);
  const titles = evidence.records.map(({ title, position }) => ({ id: `E${position}`, title }));
  const byTitle = sources.flatMap((source) => {
    const title = titles.find(({ id }) => id === source.label)?.title ?? "";
    const quote = quoteOf(source, title);
    return quote === null ? [] : [{ id: source.label, quote }];
  });
  const plain = { citations: named.length > 0 ? named : byTitle, predicates: [] };
  const stated = fields ? stateFields(text, sources, evidence.records) : null;
  return { text, kind: "observation", polarity: "affirmed", ...(stated ?? plain) };
}

/**
 * Hard dev sentences apart: what the person who read the alerts called the author's slips, and
 * alarms.
 */
export function scoreSlips(
  pairs: { asked: Pick<NaturalClaim, "id" | "side">; got: Pick<VerifiedClaim, "standing"> }[],
  known: ReadonlySet<string>,
): { slips: number; alarms: NaturalScore["hard"] } {
  const dev = pairs.filter(({ asked }) => asked.side === "dev");
  const hard = dev.filter(({ got }) => isHard(got.standing));
  const slips = hard.filter(({ asked }) => known.has(asked.id)).length;
  const hits = hard.length - slips;
  const n = dev.length;
  return { slips, alarms: { hits, n, share: n === 0 ? 0 : hits / n, interval: wilson(hits, n) } };
}

/** Found by code, without reading: on the held-out side nobody looks at the sentences themselves. */
function countHeldNowhere(pairs: Judged[], incidents: NaturalIncident[], side: Side): number {
  return incidents
    .filter((incident) => incident.side === side)
    .reduce((n, { number, raws }) => {
      const sources = [...raws].map(([label, raw]) => toSource(label, raw));
      const hard = pairs.filter((p) => p.asked.incident === number && isHard(p.got.standing));
      return n + hard.filter(({ got }) => heldNowhere(got.text, sources).length > 0).length;
    }, 0);
}

function isHard(standing: Standing): boolean {
  return standing === "unsupported" || standing === "contradicted";
}

function readSlips(): Set<string> {
  const file = new URL("natural-slips.json", import.meta.url);
  const { sentences } = JSON.parse(readFileSync(file, "utf8")) as {
    sentences: Record<string, string>;
  };
  return new Set(Object.keys(sentences));
}

function scoreSide(pairs: Judged[], side: Side): NaturalScore {
  return scoreStandings(pairs.filter(({ asked }) => asked.side === side).map(({ got }) => got));
}

/** How often each standing was given, and the share of hard ones with its 95 % interval. */
export function scoreStandings(judged: Pick<VerifiedClaim, "standing">[]): NaturalScore {
  const standings = { supported: 0, partial: 0, unsupported: 0, contradicted: 0 };
  for (const { standing } of judged) standings[standing] += 1;
  const hits = standings.unsupported + standings.contradicted;
  const n = judged.length;
  return {
    sentences: n,
    standings,
    hard: { hits, n, share: n === 0 ? 0 : hits / n, interval: wilson(hits, n) },
  };
}
