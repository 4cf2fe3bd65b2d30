/** Mutants with their standings as JSONL, written and judged again. */
import { createReadStream, openSync, writeSync, closeSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Standing } from "#lib/domain/summary/claim.ts";
import type { BenchIncident, Mutant } from "./bench-claim.ts";
import { variantsOf } from "./evidence-variants.ts";
import { judgeMutants } from "./judge.ts";
import type { JudgedMutant } from "./judge.ts";

type Line = Mutant & { standing: Standing };
export type Replay = { n: number; differences: string[]; unknown: number };

/** A writer of one line a mutant; call `close` at the end. */
export function mutantWriter(path: string): {
  write: (judged: JudgedMutant) => void;
  close: () => void;
} {
  const file = openSync(path, "w");
  let text = "";
  const flush = () => {
    writeSync(file, text);
    text = "";
  };
  return {
    write: (judged) => {
      text += mutantLine(judged);
      if (text.length > 1_000_000) flush();
    },
    close: () => {
      flush();
      closeSync(file);
    },
  };
}

export function mutantLine({
  mutant,
  standing,
}: Pick<JudgedMutant, "mutant" | "standing">): string {
  return `${JSON.stringify({ ...mutant, standing })}\n`;
}

/** Judges the mutants of a file once more; a difference is told by the mutant's id alone. */
export async function replayMutants(
  path: string,
  incidents: BenchIncident[],
  payloads: string[],
): Promise<Replay> {
  const found: Replay = { n: 0, differences: [], unknown: 0 };
  let batch: Line[] = [];
  const judge = () => {
    const incident = incidents.find(({ id }) => id === batch[0]?.incident);
    found.n += batch.length;
    if (incident) found.differences.push(...judgeAgain(batch, incident, incidents, payloads));
    else found.unknown += batch.length;
    batch = [];
  };
  for await (const text of createInterface({ input: createReadStream(path) })) {
    const line = JSON.parse(text) as Line;
    if (batch.length > 0 && batch[0]?.incident !== line.incident) judge();
    batch.push(line);
  }
  if (batch.length > 0) judge();
  return found;
}

function judgeAgain(
  lines: Line[],
  incident: BenchIncident,
  incidents: BenchIncident[],
  payloads: string[],
): string[] {
  const own = incidents.filter(({ side }) => side === incident.side);
  const donor = own[(own.indexOf(incident) + 1) % own.length];
  const judged = judgeMutants(lines, variantsOf(incident, donor, payloads));
  return judged.flatMap(({ mutant, standing }, at) =>
    standing === lines[at]?.standing
      ? []
      : `${mutant.id}: was ${lines[at]?.standing}, is ${standing}`,
  );
}
