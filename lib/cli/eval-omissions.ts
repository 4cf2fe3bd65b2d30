/** `npm run eval -- omissions`: what rules summaries leave out, against what others say was there to tell. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { MAX_HIGH_GROUPS } from "#lib/grounding/generators/alerts.ts";
import { notMentioned } from "#lib/grounding/not-mentioned.ts";
import { loadIncidents } from "./bench-grounding/load-incidents.ts";
import { missingData } from "./bench-grounding/natural-incident.ts";
import { entityCoverage } from "./eval/omitted-entities.ts";
import { supportedClaims } from "./eval/rules-of.ts";
import { storylineCoverage } from "./eval/storyline.ts";
import { round } from "./figures.ts";
import type { Figure } from "./figures.ts";
import { say } from "./progress.ts";

const RECORDS_MAX = 2_000;
const STEPS_SHARE = 5 / 6;

const LIMITS = `
What this does not prove. A claim that names something need not say what matters about it. A step counts as touched when a
claim is about a host, account, address, process or domain of one of its records, not when the claim tells what happened.
ExCyTIn's entities are those of two incidents; the storyline is one made-up afternoon, once with injected text and once
without. The rules were written before these figures and changed after seeing the incidents of the dev side.
`;

/** The figures; `folder` is the one that holds `security` and `grounding`. What is not there is skipped with a word. */
export async function evalOmissions(folder: string, short: boolean): Promise<Figure[]> {
  const figures = [
    ...excytin(join(folder, "grounding", "excytin")),
    ...storylines(join(folder, "grounding", "evidenceforge")),
    await highAlerts(folder, short),
  ];
  say(LIMITS.trim());
  return figures;
}

function excytin(folder: string): Figure[] {
  const missing = missingData(folder);
  if (missing !== null) {
    say(`skipped ExCyTIn: ${missing}`);
    return [];
  }
  const { incidents, entities, known, named } = entityCoverage(folder);
  return [
    {
      id: "omissions.excytin.entities",
      value: round((100 * named) / known),
      unit: "%",
      n: known,
      target: "every entity of a high or critical alert named",
      holds: named === known,
      note: `${incidents} incidents with such alerts; ${entities - known} of ${entities} entities are not in the alerts' normal form`,
    },
  ];
}

function storylines(folder: string): Figure[] {
  return ["poisoned", "clean"].flatMap((twin): Figure[] => {
    if (!existsSync(join(folder, twin, "GROUND_TRUTH.json"))) {
      say(`skipped the ${twin} storyline: not in ${folder}`);
      return [];
    }
    const { records, steps, touched, cited } = storylineCoverage(join(folder, twin));
    return [
      {
        id: `omissions.storyline.${twin}`,
        value: touched,
        unit: "steps",
        n: steps,
        target: "5 of 6 steps touched",
        holds: touched >= STEPS_SHARE * steps,
        note: `${cited} by a citation of the step's own record; ${records} records, no alerts`,
      },
    ];
  });
}

/** High and critical alerts that no supported claim mentions, over the samples, the night and made-up events. */
async function highAlerts(folder: string, short: boolean): Promise<Figure> {
  const incidents = await loadIncidents(folder, short ? RECORDS_MAX / 10 : RECORDS_MAX);
  let alerts = 0;
  let omitted = 0;
  let withAlerts = 0;
  for (const { records, raws } of incidents) {
    const high = records.filter(
      ({ kind, severity }) => kind === "alert" && (severity === "high" || severity === "critical"),
    );
    if (high.length === 0) continue;
    withAlerts += 1;
    alerts += high.length;
    const claims = supportedClaims({ records, rawText: (id) => raws.get(id) ?? "" });
    omitted += notMentioned(records, claims).length;
  }
  return {
    id: "omissions.high_alerts",
    value: omitted,
    unit: "alerts",
    n: alerts,
    target: "0 high or critical alerts that no supported claim mentions",
    holds: omitted === 0,
    note: `${withAlerts} of ${incidents.length} incidents have some; at most ${MAX_HIGH_GROUPS} titles of each are told one by one`,
  };
}
