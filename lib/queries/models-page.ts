import type {
  ActivationView,
  BudgetView,
  EvaluationScores,
  EvaluationView,
  ModelConfigView,
  ModelsPageView,
  ProbeView,
} from "#lib/contracts/copilot-views.ts";
import type { PersonView } from "#lib/contracts/views.ts";
import type { Db } from "#lib/db/prisma.ts";
import type { ModelProfile, PromptSet, Provider } from "#lib/domain/copilot/profile.ts";
import type { RunState } from "#lib/domain/copilot/run.ts";
import type { Role } from "#lib/domain/people/permissions.ts";
import { hex, iso } from "./shape.ts";

const CONFIGS = 50;
const EVALUATIONS = 20;
const ACTIVATIONS = 20;

/** Everything the models' page shows: eight statements, each bounded. */
export async function modelsPage(db: Db): Promise<ModelsPageView> {
  const [history, configs, evaluations, budgets, breaker, queue] = await Promise.all([
    listActivations(db),
    listConfigs(db),
    listEvaluations(db),
    budgetsNow(db),
    breakerNow(db),
    queueNow(db),
  ]);
  return { inForce: history[0] ?? null, history, configs, evaluations, budgets, breaker, queue };
}

/** One version of a profile with every evaluation of it, newest first; null when there is none of this id. */
export async function modelConfigPage(db: Db, configId: string): Promise<ModelConfigPage | null> {
  const [configs, evaluations, inForce] = await Promise.all([
    listConfigs(db, configId),
    listEvaluations(db, configId),
    db.modelActivation.findFirst({
      orderBy: { number: "desc" },
      select: { configId: true, evaluationId: true },
    }),
  ]);
  const config = configs[0];
  if (!config) return null;
  const isInForce = inForce?.configId === config.id;
  return { config, evaluations, inForceBy: isInForce ? inForce.evaluationId : null };
}

export type ModelConfigPage = {
  config: ModelConfigView;
  evaluations: EvaluationView[];
  /** The evaluation by which this very version is in force; null when it is not. */
  inForceBy: string | null;
};

type PersonColumns = { id: string; name: string; role: string };
const PERSON = { select: { id: true, name: true, role: true } } as const;
const CONFIG_NAME = { select: { id: true, name: true, version: true, model: true } } as const;

function personOf(row: PersonColumns): PersonView {
  return { id: row.id, name: row.name, role: row.role as Role };
}

async function listActivations(db: Db): Promise<ActivationView[]> {
  const rows = await db.modelActivation.findMany({
    orderBy: { number: "desc" },
    take: ACTIVATIONS,
    select: {
      id: true,
      prompts: true,
      evaluationId: true,
      reason: true,
      at: true,
      config: CONFIG_NAME,
      person: PERSON,
    },
  });
  return rows.map(({ prompts, at, person, ...row }) => ({
    ...row,
    prompts: prompts as PromptSet | null,
    at: iso(at),
    person: personOf(person),
  }));
}

async function listConfigs(db: Db, id?: string): Promise<ModelConfigView[]> {
  const rows = await db.modelConfig.findMany({
    where: id === undefined ? {} : { id },
    orderBy: { createdAt: "desc" },
    take: CONFIGS,
    select: {
      id: true,
      name: true,
      version: true,
      provider: true,
      model: true,
      baseUrl: true,
      isLocal: true,
      profile: true,
      sha256: true,
      keyHint: true,
      createdAt: true,
      by: PERSON,
    },
  });
  const ids = rows.map((row) => row.id);
  const [probes, evaluations] = await Promise.all([
    latestProbes(db, ids),
    latestEvaluations(db, ids),
  ]);
  return rows.map(({ by, sha256, createdAt, profile, provider, ...row }) => ({
    ...row,
    provider: provider as Provider,
    profile: profile as unknown as ModelProfile,
    sha256: hex(sha256),
    createdAt: iso(createdAt),
    createdBy: by ? personOf(by) : null,
    probe: probes.get(row.id) ?? null,
    evaluation: evaluations.get(row.id) ?? null,
  }));
}

type ProbeRow = {
  config_id: string;
  id: string;
  state: RunState;
  queued_at: Date;
  error: string | null;
  notices: unknown[] | null;
};

/** The last probe of each configuration. Its findings are the notices it stored. */
async function latestProbes(db: Db, configIds: string[]): Promise<Map<string, ProbeView>> {
  const rows = await db.$queryRaw<ProbeRow[]>`
    SELECT DISTINCT ON (r.config_id) r.config_id, r.id, r.state, r.queued_at, r.error,
           (SELECT jsonb_agg(e.data ORDER BY e.seq) FROM run_event e WHERE e.run_id = r.id AND e.kind = 'notice') AS notices
    FROM model_run r WHERE r.kind = 'probe' AND r.config_id = ANY(${configIds}::uuid[])
    ORDER BY r.config_id, r.queued_at DESC`;
  return new Map(rows.map((row) => [row.config_id, probeView(row)]));
}

function probeView({ id, state, queued_at, error, notices }: ProbeRow): ProbeView {
  const findings = (notices ?? []).flatMap((data) => findingOf(data));
  if (error !== null && findings.every(({ ok }) => ok))
    findings.push({ check: "answer", ok: false, sentence: error });
  const going = state === "queued" || state === "streaming";
  const isWell = state === "finished" && findings.length > 0 && findings.every(({ ok }) => ok);
  const ok = going ? null : isWell;
  return { runId: id, state, at: iso(queued_at), ok, findings };
}

function findingOf(data: unknown): ProbeView["findings"] {
  const { check, ok, sentence } = data as Record<string, unknown>;
  if (typeof sentence !== "string") return [];
  return [{ check: typeof check === "string" ? check : "", ok: ok !== false, sentence }];
}

const EVALUATION = {
  id: true,
  prompts: true,
  suite: true,
  state: true,
  cases: true,
  casesDone: true,
  scores: true,
  error: true,
  startedAt: true,
  finishedAt: true,
  config: { select: { id: true, name: true, version: true } },
  by: PERSON,
} as const;

async function listEvaluations(db: Db, configId?: string): Promise<EvaluationView[]> {
  const rows = await db.evaluation.findMany({
    where: configId === undefined ? {} : { configId },
    orderBy: { startedAt: "desc" },
    take: EVALUATIONS,
    select: EVALUATION,
  });
  return rows.map(evaluationView);
}

async function latestEvaluations(
  db: Db,
  configIds: string[],
): Promise<Map<string, EvaluationView>> {
  const rows = await db.evaluation.findMany({
    where: { configId: { in: configIds }, state: "finished" },
    orderBy: [{ configId: "asc" }, { startedAt: "desc" }],
    distinct: ["configId"],
    select: EVALUATION,
  });
  return new Map(rows.map((row) => [row.config.id, evaluationView(row)]));
}

type EvaluationRow = {
  id: string;
  prompts: unknown;
  suite: string;
  state: string;
  cases: number;
  casesDone: number;
  scores: unknown;
  error: string | null;
  startedAt: Date;
  finishedAt: Date | null;
  config: { id: string; name: string; version: number };
  by: PersonColumns | null;
};

function evaluationView({ by, startedAt, finishedAt, ...row }: EvaluationRow): EvaluationView {
  return {
    ...row,
    prompts: row.prompts as PromptSet,
    state: row.state as EvaluationView["state"],
    scores: row.scores as EvaluationScores | null,
    askedBy: by ? personOf(by) : null,
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
  };
}

/** The limits as they were last set, and what of the day and of everything is gone. */
async function budgetsNow(db: Db): Promise<BudgetView[]> {
  const day = new Date().toISOString().slice(0, 10);
  const [limits, rows] = await Promise.all([
    db.budgetLimit.findFirst({ orderBy: { number: "desc" } }),
    db.modelBudget.findMany({
      where: { OR: [{ scope: "day", key: day }, { scope: "all" }] },
    }),
  ]);
  if (!limits) return [];
  const used = (scope: BudgetView["scope"]) => rows.find((row) => row.scope === scope);
  const view = (scope: BudgetView["scope"], limit: bigint): BudgetView => ({
    scope,
    limitMicro: Number(limit),
    spentMicro: Number(used(scope)?.spentMicro ?? 0),
    reservedMicro: Number(used(scope)?.reservedMicro ?? 0),
    overMicro: Number(used(scope)?.overMicro ?? 0),
  });
  return [
    view("run", limits.runMicro),
    view("incident", limits.incidentMicro),
    view("day", limits.dayMicro),
    view("all", limits.allMicro),
  ];
}

async function breakerNow(db: Db): Promise<ModelsPageView["breaker"]> {
  const rows = await db.$queryRaw<
    { state: string; reason: string | null; retry_at: Date | null }[]
  >`
    SELECT b.state, b.reason, b.retry_at FROM model_breaker b JOIN model_in_force f ON f.config_id = b.config_id`;
  const row = rows[0];
  if (!row || row.state === "closed") return { state: "closed", reason: null, retryAt: null };
  return {
    state: row.state as ModelsPageView["breaker"]["state"],
    reason: row.reason,
    retryAt: iso(row.retry_at),
  };
}

async function queueNow(db: Db): Promise<ModelsPageView["queue"]> {
  const rows = await db.$queryRaw<{ queued: number; streaming: number; oldest: Date | null }[]>`
    SELECT count(*) FILTER (WHERE state = 'queued')::int AS queued,
           count(*) FILTER (WHERE state = 'streaming')::int AS streaming,
           min(queued_at) FILTER (WHERE state = 'queued') AS oldest
    FROM model_run WHERE state IN ('queued', 'streaming')`;
  const { queued = 0, streaming = 0, oldest = null } = rows[0] ?? {};
  return { queued, streaming, oldestQueuedAt: iso(oldest) };
}
