/** Which steps of an EvidenceForge storyline the rules summary of all its logs touches. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { normalise } from "#lib/connectors/sources/normalise.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { VerifiedClaim } from "#lib/domain/summary/claim.ts";
import { matches, parseWhere } from "#lib/grounding/query.ts";
import { supportedClaims } from "./rules-of.ts";

export type StorylineCoverage = { records: number; steps: number; touched: number; cited: number };

type Step = { id: string; value: string };
type Story = { records: EvidenceRecord[]; texts: Map<string, string>; steps: Step[] };

/** Terms that say whom or what a query is about; `kind=event` or a class says neither. */
const NAMING = /^(?:host|user|target\.user|source\.ip|destination\.ip|process\.|dns\.|url\.)/;
const SYSLOG = /^<\d+>1 (\S+) (\S+) (\S+) (\S+) \S+ \S+ (.*)$/s;
const WEB_ACCESS = /^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+) [^"]*" (\d+) (\S+) "([^"]*)" "(.*)"$/;

/**
 * Text logs go in as a shipper would send them: the parts of their line as an object. A step is touched when a
 * supported claim is about whom or what one of its records names: by citing the record, or by a query that selects it
 * by host, account, address, process or domain.
 */
export function storylineCoverage(folder: string): StorylineCoverage {
  const { records, texts, steps } = readStory(folder);
  // a gap shows what a record lacks, not what it says
  const claims = supportedClaims({ records, rawText: (id) => texts.get(id) ?? "" }).filter(
    ({ kind }) => kind !== "gap",
  );
  let touched = 0;
  let cited = 0;
  for (const { value } of steps) {
    const own = records.filter((record) => texts.get(record.id)?.includes(value));
    if (own.some((record) => claims.some((claim) => touches(claim, record)))) touched += 1;
    if (own.some((record) => claims.some((claim) => cites(claim, record)))) cited += 1;
  }
  return { records: records.length, steps: steps.length, touched, cited };
}

function touches(claim: VerifiedClaim, record: EvidenceRecord): boolean {
  if (cites(claim, record)) return true;
  return claim.predicates.some(({ where }) => {
    const parsed = parseWhere(where);
    if (!parsed.ok || !parsed.terms.some(({ op, field }) => op === "eq" && NAMING.test(field)))
      return false;
    return matches(record, parsed.terms);
  });
}

function cites({ citations }: VerifiedClaim, { position }: EvidenceRecord): boolean {
  return citations.some(({ id }) => id === `E${position}`);
}

function readStory(folder: string): Story {
  const records: EvidenceRecord[] = [];
  const texts = new Map<string, string>();
  for (const path of globSync("*/*.gz", { cwd: folder }).toSorted()) {
    const lines = gunzipSync(readFileSync(join(folder, path)))
      .toString("utf8")
      .split("\n");
    for (const text of lines.flatMap((line) => shipped(line) ?? [])) {
      const read = normalise(Buffer.from(text), "generic");
      if (!read.ok) continue;
      const position = records.length + 1;
      const source = dirname(path);
      const id = `${path}#${position}`;
      texts.set(id, text);
      records.push({
        ...read.record,
        id,
        position,
        sourceId: source,
        sourceName: source,
        receivedAt: read.record.time ?? "",
      });
    }
  }
  return { records, texts, steps: readSteps(folder) };
}

/** One line as JSON, the way a shipper reads syslog (RFC 5424) and combined access logs; null for an empty one. */
function shipped(line: string): string | null {
  if (line.trim() === "") return null;
  if (line.startsWith("{")) return line;
  const [, time, host, program, pid, message] = SYSLOG.exec(line) ?? [];
  if (time)
    return JSON.stringify({ time, host, "process.name": program, "process.pid": pid, message });
  const [, ip, at, method, path, status, , referrer, agent] = WEB_ACCESS.exec(line) ?? [];
  if (!ip || !at) return JSON.stringify({ message: line });
  return JSON.stringify({
    time: new Date(at.replace(/^(\d+)\/(\w+)\/(\d+):/, "$1 $2 $3 ")).toISOString(),
    "source.ip": ip,
    action: method,
    "url.full": path,
    "http.status": status,
    referrer,
    user_agent: agent,
  });
}

type Truth = {
  storyline_steps: { storyline_id: string }[];
  events: { storyline_id: string; attributes: { rendered_value?: string } }[];
};

/** The steps with what each wrote into the logs, as JSON spells it. */
function readSteps(folder: string): Step[] {
  const truth = JSON.parse(readFileSync(join(folder, "GROUND_TRUTH.json"), "utf8")) as Truth;
  return truth.storyline_steps.map(({ storyline_id: id }) => {
    const event = truth.events.find((each) => each.storyline_id === id);
    const value = JSON.stringify(event?.attributes.rendered_value ?? "").slice(1, -1);
    return { id, value };
  });
}
