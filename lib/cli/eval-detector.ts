/** `npm run eval -- detector`: how much the badge for instruction-like text sees, and how often it is wrong. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { prepareRecord } from "#lib/commands/ingest/prepare.ts";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import { instructionScore } from "#lib/domain/evidence/instruction-like.ts";
import { shareWithInterval } from "./bench-grounding/tally.ts";
import { attackStrings, type AttackString } from "./eval/attack-strings.ts";
import { recordLines } from "./eval/count-records.ts";
import { readSampleFiles } from "./eval/sample-files.ts";
import { round, type Figure } from "./figures.ts";
import { OWN_STRINGS } from "./prove/injection/own-strings.ts";
import { say } from "./progress.ts";

const ALARMS_SHARE = 0.001;
const TIMED_MAX = 20_000;
const ROUNDS = 5;

/**
 * Which strings the rules were written with. Only the last two classes of BIPIA were not read before; they ask for
 * changes to an answer like others that were, so even they say little about an attacker who knows the rules.
 */
const UNSEEN_CLASSES = 2;

const LIMITS = `
What this does not prove. The rules were written after reading the EvidenceForge and spikee strings and most of BIPIA's, so
detection there is a memory of them. An attacker who knows the rules writes other words. The badge is no control.
`;

/** The figures; `folder` is the one that holds `security` and `grounding`. */
export async function evalDetector(folder: string): Promise<Figure[]> {
  const figures = [...detection(folder), ...(await alarms(folder)), ...quietLogs(folder)];
  say(LIMITS.trim());
  return figures;
}

type Group = { id: string; note: string; texts: string[] };

function detection(folder: string): Figure[] {
  const strings = attackStrings(folder);
  const bipia = strings.filter(({ corpus }) => corpus === "BIPIA");
  const classes = [...new Set(bipia.map(({ family }) => family))];
  const unseen = new Set(classes.slice(-UNSEEN_CLASSES));
  const forge = strings.filter(({ corpus }) => corpus === "EvidenceForge");
  const isOrder = ({ family }: AttackString) => family.startsWith("prompt_injection");
  const spikee = strings.filter(({ corpus }) => corpus === "spikee");
  const isForeign = ({ family }: AttackString) => / \(\w+\)$/.test(family);
  const families = [...new Set(forge.filter(isOrder).map(({ family }) => family))];
  return [
    ...families.map((family) => ({
      id: `evidenceforge.${family.replace("prompt_injection_", "")}`,
      note: "read before the rules were written",
      texts: textsOf(forge.filter((each) => each.family === family)),
    })),
    {
      id: "evidenceforge.other_attacks",
      note: "SQL, XSS, Log4Shell, forged lines: no orders, so no badge is wanted",
      texts: textsOf(forge.filter((each) => !isOrder(each))),
    },
    {
      id: "spikee.english",
      note: "read before the rules were written",
      texts: textsOf(spikee.filter((each) => !isForeign(each))),
    },
    {
      id: "spikee.other_languages",
      note: "Zulu, Albanian, Irish, Scottish Gaelic: no rules for them",
      texts: textsOf(spikee.filter(isForeign)),
    },
    {
      id: "bipia.dev",
      note: "read before; a third are plain questions, which no rule is for",
      texts: textsOf(bipia.filter(({ family }) => !unseen.has(family))),
    },
    {
      id: "bipia.unseen",
      note: `${unseen.size} classes not read before the rules were written`,
      texts: textsOf(bipia.filter(({ family }) => unseen.has(family))),
    },
    {
      id: "own",
      note: "ours, of the injection proof; the rules were amended once after they were tried on them",
      texts: [...OWN_STRINGS],
    },
  ].map(share);
}

function share({ id, note, texts }: Group): Figure {
  const hits = texts.filter((text) => instructionScore(text) > 0).length;
  return {
    id: `detector.${id}`,
    value: texts.length === 0 ? 0 : round((100 * hits) / texts.length),
    unit: "%",
    n: texts.length,
    ...{ target: null, holds: null },
    note: `${shareWithInterval(hits, texts.length)}; ${note}`,
  };
}

function textsOf(strings: readonly AttackString[]): string[] {
  return strings.map(({ text }) => text);
}

/** Records of the sample data that get a badge, and what the detector costs against the rest of preparing one. */
async function alarms(folder: string): Promise<Figure[]> {
  const files = await readSampleFiles(join(folder, "security"), false);
  let n = 0;
  let hits = 0;
  const timed: Buffer[] = [];
  for (const { path, bytes, container } of files) {
    if (path.startsWith("prompt-injection/")) continue;
    for (const record of container === "lines" ? linesOf(bytes) : recordsOf(bytes)) {
      n += 1;
      if (instructionScore(record) > 0) hits += 1;
      if (timed.length < TIMED_MAX && n % 10 === 0) timed.push(record);
    }
  }
  return [
    {
      ...{ id: "detector.false_alarms", value: round((100 * hits) / n), unit: "%", n },
      target: "at most 0.1 % of ordinary records",
      holds: hits / n <= ALARMS_SHARE,
      note: shareWithInterval(hits, n),
    },
    cost(timed),
  ];
}

/** In processor time, by turns: other work on the machine slows both alike. */
function cost(records: readonly Buffer[]): Figure {
  const prepare = () =>
    records.forEach((bytes) => prepareRecord({ index: 0, bytes }, "auto", normalise));
  const detect = () => records.forEach((bytes) => instructionScore(bytes));
  const rounds = Array.from({ length: ROUNDS }, () => [cpuMs(prepare), cpuMs(detect)] as const);
  const all = Math.min(...rounds.map(([ms]) => ms));
  const own = Math.min(...rounds.map(([, ms]) => ms));
  const perSecond = (ms: number) => Math.round((1000 * records.length) / ms);
  return {
    ...{ id: "detector.cost", value: round((1000 * own) / records.length), unit: "us/record" },
    n: records.length,
    target: "at most a third of what preparing a record takes, the detector included",
    holds: own <= all / 3,
    note: `preparing a record takes ${round((1000 * all) / records.length)} us of processor time in the same run: ${perSecond(all)} records/s with the detector, ${perSecond(all - own)} without`,
  };
}

function cpuMs(run: () => void): number {
  const startedAt = process.cpuUsage();
  run();
  return process.cpuUsage(startedAt).user / 1000;
}

/** Lines of EvidenceForge's harmless twin. */
function quietLogs(folder: string): Figure[] {
  const place = join(folder, "grounding", "evidenceforge", "clean");
  const lines = globSync("*/*.gz", { cwd: place }).flatMap((path) =>
    linesOf(gunzipSync(readFileSync(join(place, path)))),
  );
  if (lines.length === 0) return [];
  const hits = lines.filter((line) => instructionScore(line) > 0).length;
  return [
    {
      ...{ id: "detector.false_alarms.text_logs", value: round((100 * hits) / lines.length) },
      ...{ unit: "%", n: lines.length, target: "at most 0.1 % of ordinary lines" },
      holds: hits / lines.length <= ALARMS_SHARE,
      note: shareWithInterval(hits, lines.length),
    },
  ];
}

function linesOf(bytes: Buffer): Buffer[] {
  return Array.from(recordLines(bytes), ([line]) => line);
}

/** The records of one JSON text: the members of its list, or the whole of it. */
function recordsOf(bytes: Buffer): Buffer[] {
  try {
    const value = JSON.parse(bytes.toString("utf8")) as unknown;
    const named = value as { value?: unknown; Records?: unknown; results?: unknown };
    const list = [value, named?.value, named?.Records, named?.results].find(Array.isArray);
    return (list ?? [value]).map((record) => Buffer.from(JSON.stringify(record)));
  } catch {
    return linesOf(bytes);
  }
}
