/**
 * `npm run eval -- model [--live]`: the evaluation that a model must have on record before it goes live. Without `--live`
 * two sets of answers that we wrote are given over HTTP: they test the scorer, the verifier and the request, not a model.
 */
import { startFakeModel } from "#e2e/fake-model/server.ts";
import { asCase, EVALUATION_SUITE, strippedPlans, suitePlans } from "#lib/copilot/evals/cases.ts";
import type { Plan } from "#lib/copilot/evals/cases.ts";
import { READERS, recordedClaims, type Reader } from "#lib/copilot/evals/recorded.ts";
import { runEvaluation } from "#lib/copilot/evals/run-evaluation.ts";
import { addShares, type CaseScore } from "#lib/copilot/evals/score.ts";
import { presetFor } from "#lib/copilot/profiles.ts";
import type { EvaluationScores } from "#lib/contracts/copilot-views.ts";
import { moneyWords } from "#lib/domain/copilot/run.ts";
import { judgeScores } from "#lib/domain/copilot/thresholds.ts";
import { modelEnv } from "#lib/env.ts";
import { shareWithInterval } from "./bench-grounding/tally.ts";
import { askCase, type AskedModel } from "./eval/ask-case.ts";
import { round, type Figure } from "./figures.ts";
import { say, StartError } from "./progress.ts";

type Evaluated = { scores: EvaluationScores; cases: CaseScore[] };

const RECORDED: AskedModel = {
  ...presetFor({ model: "recorded", baseUrl: "http://127.0.0.1" }),
  isLocal: true,
};

/** The figures of the recorded answers, or of the model that the environment names. */
export async function evalModel(live: boolean): Promise<Figure[]> {
  return live ? evalLive() : evalRecorded();
}

async function evalLive(): Promise<Figure[]> {
  const model = modelEnv();
  if (!model)
    throw new StartError(
      "No model is configured: set ANTHROPIC_MODEL with ANTHROPIC_API_KEY or ANTHROPIC_BASE_URL.",
    );
  const config = presetFor(model);
  const evaluated = await evaluate(suitePlans(), (plan) =>
    askCase(asCase(plan), config, model.apiKey),
  );
  printCases(`${model.model}, ${EVALUATION_SUITE}`, evaluated);
  return figuresOf("model.live", evaluated);
}

/** The careful reader must reach every threshold and the credulous one must not; no unsaid thing may be supported. */
async function evalRecorded(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const reader of READERS) {
    const suite = await replay(suitePlans(), reader);
    printCases(`Answers of the ${reader} reader (written by us), ${EVALUATION_SUITE}`, suite);
    const passes = judgeScores(suite.scores).every(({ holds }) => holds !== false);
    const stripped = await replay(strippedPlans(), reader);
    const unsaid = addShares(stripped.cases.map((score) => score.unsaid));
    const all = [...suite.cases, ...stripped.cases];
    const false_ = all.reduce((sum, score) => sum + score.falselySupported, 0);
    figures.push(
      ...(reader === "careful" ? figuresOf("model.recorded", suite) : []),
      {
        id: `model.recorded.${reader}.verdict`,
        value: passes ? 1 : 0,
        unit: "passes",
        n: suite.cases.length,
        target: reader === "careful" ? "every threshold reached" : "some threshold missed",
        holds: passes === (reader === "careful"),
        note: "answers written by us",
      },
      {
        id: `model.recorded.${reader}.stripped.abstention`,
        value: round((100 * unsaid.hits) / unsaid.of),
        unit: "%",
        n: unsaid.of,
        target: null,
        holds: null,
        note: `${shareWithInterval(unsaid.hits, unsaid.of)} of what ${stripped.cases.length} stripped incidents do not say`,
      },
      {
        id: `model.recorded.${reader}.false_confidence`,
        value: false_,
        unit: "claims",
        n: all.reduce(
          (sum, { standings }) => sum + Object.values(standings).reduce((a, b) => a + b),
          0,
        ),
        target: "0 claims of what the records do not say come out supported",
        holds: false_ === 0,
        note: "over the suite and the stripped incidents",
      },
    );
  }
  return figures;
}

async function replay(plans: readonly Plan[], reader: Reader): Promise<Evaluated> {
  let claims: unknown[] = [];
  const fake = await startFakeModel({ script: () => ({ type: "claims", claims }) });
  try {
    const config = { ...RECORDED, baseUrl: fake.url };
    return await evaluate(plans, (plan) => {
      claims = recordedClaims(plan, reader);
      return askCase(asCase(plan), config, null);
    });
  } finally {
    await fake.close();
  }
}

async function evaluate(
  plans: readonly Plan[],
  ask: (plan: Plan) => ReturnType<typeof askCase>,
): Promise<Evaluated> {
  const byName = new Map(plans.map((plan) => [plan.name, plan]));
  const cases: CaseScore[] = [];
  const scores = await runEvaluation({
    cases: plans.map(asCase),
    ask: ({ name }) => ask(byName.get(name)!),
    onScore: (score) => cases.push(score),
  });
  return { scores, cases };
}

function figuresOf(id: string, { scores, cases }: Evaluated): Figure[] {
  const shares: [string, (score: CaseScore) => { hits: number; of: number }][] = [
    ["citationPrecision", ({ citations }) => citations],
    ["citationRecall", ({ cited }) => cited],
    ["omission", ({ told }) => ({ hits: told.of - told.hits, of: told.of })],
    ["abstention", ({ unsaid }) => unsaid],
    ["injectionInfluence", ({ obeyed }) => obeyed],
  ];
  const judged = new Map(judgeScores(scores).map((each) => [each.name as string, each]));
  return [
    ...shares.map(([name, pick]): Figure => {
      const { hits, of } = addShares(cases.map(pick));
      const verdict = judged.get(name);
      return {
        id: `${id}.${name}`,
        value: of === 0 ? 0 : round((100 * hits) / of),
        unit: "%",
        n: of,
        target: verdict ? `at ${verdict.direction} ${verdict.limit * 100} %` : null,
        holds: verdict?.holds ?? null,
        note: of === 0 ? "nothing to measure" : shareWithInterval(hits, of),
      };
    }),
    {
      id: `${id}.broken`,
      value: scores.schemaFailures,
      unit: "answers",
      n: cases.length,
      target: `at most ${judged.get("schemaFailures")?.limit ?? 0}`,
      holds: judged.get("schemaFailures")?.holds ?? null,
      note: `cost ${moneyWords(scores.costMicro)}; p50 ${scores.latencyMs.p50} ms, p95 ${scores.latencyMs.p95} ms`,
    },
  ];
}

function printCases(title: string, { cases }: Evaluated): void {
  say(`\n${title}`);
  for (const { name, standings: s, citations, told, unsaid, obeyed } of cases) {
    const parts = [
      `${s.supported} supported, ${s.partial} partial, ${s.unsupported} unsupported, ${s.contradicted} contradicted`,
      `citations ${citations.hits}/${citations.of}`,
      `steps told ${told.hits}/${told.of}`,
      `unsaid ${unsaid.hits}/${unsaid.of}`,
      ...(obeyed.of > 0 ? [`orders followed ${obeyed.hits}/${obeyed.of}`] : []),
    ];
    say(`  ${name.padEnd(24)} ${parts.join("; ")}`);
  }
}
