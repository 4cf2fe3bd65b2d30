/** Secrets of twenty kinds, in twelve carriers, through the real pipeline; then every byte that left or was stored is searched. */
import { buildRequest } from "#lib/copilot/build-request.ts";
import { LATEST } from "#lib/copilot/prompts/published.ts";
import { selectEvidence } from "#lib/copilot/write-evidence.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { readModelConfig } from "#lib/queries/read-model-config.ts";
import { requestEvidence } from "#lib/queries/prepare-request.ts";
import { shareWithInterval } from "../bench-grounding/tally.ts";
import type { Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { drillDatabase } from "./drill/database.ts";
import { seededRandom } from "./drill/wait.ts";
import type { Proof, ProofMode } from "./proof.ts";
import { CARRIERS, carry, type Carrier } from "./secrets/carriers.ts";
import { repeatingModel, secretsDesk } from "./secrets/desk.ts";
import { KIND_COUNT, secretOf, type Secret } from "./secrets/kinds.ts";
import { scannerFor } from "./secrets/scan.ts";

const LIMITS = `What this does not prove. The secrets are made up by the people who wrote the rules, so the recall on secrets nobody thought
of is lower: a password that stands bare, with nothing before it that says so, is not known from a word. Nothing is found in
what is compressed or encrypted. The evidence itself keeps every byte: it is evidence.`;

const SEED = 20_261_122;
const SIZES: Record<ProofMode, number> = { short: 120, normal: 1_000, long: 10_000 };
const EACH_INCIDENT = 20;
/** What holds nothing of the model's: the evidence, and what is made of it by ingest. */
const EVIDENCE_TABLES = [
  "evidence_item",
  "dead_letter",
  "evidence_observable",
  "observable",
  "incident",
  "incident_link",
  "incident_observable",
];

type Planted = Secret & { number: number; carrier: Carrier };

export async function proveSecrets(mode: ProofMode): Promise<Proof> {
  const random = seededRandom(SEED);
  const planted = Array.from({ length: SIZES[mode] }, (_, number): Planted => {
    const carrier = CARRIERS[Math.floor(number / KIND_COUNT) % CARRIERS.length]!;
    return { ...secretOf(number, random), number, carrier };
  });
  const fake = await repeatingModel();
  const db = await drillDatabase();
  try {
    const desk = await secretsDesk(db, fake);
    for (let from = 0; from < planted.length; from += EACH_INCIDENT) {
      const some = planted.slice(from, from + EACH_INCIDENT);
      const members = some.flatMap(({ carrier, text, parts }) => carry(carrier, text, parts[0]!));
      const incidentId = await desk.open(`secrets-${from}`, members);
      await desk.read(incidentId, `Who used this? ${some[from % some.length]?.text ?? ""}`);
      say(`${Math.min(from + EACH_INCIDENT, planted.length)} of ${planted.length}`);
    }
    const scanner = scannerFor(planted);
    const leaks = {
      shown: union(await plainRequests(db), scanner.leaksIn),
      wire: union(
        fake.requests.map(({ text }) => text),
        scanner.leaksIn,
      ),
      stored: storedLeaks(await storedRows(db), scanner.leaksIn),
      logged: union(desk.logged, scanner.leaksIn),
    };
    report(planted, leaks.wire);
    return { figures: figuresOf(planted, leaks), limits: LIMITS };
  } finally {
    await db.close();
    await fake.close();
  }
}

function union(texts: readonly string[], find: (text: string) => Set<number>): Set<number> {
  return new Set(texts.flatMap((text) => [...find(text)]));
}

function storedLeaks(stored: readonly Stored[], find: (text: string) => Set<number>): Set<number> {
  const all = stored.map(({ table, texts }) => ({ table, found: union(texts, find) }));
  for (const { table, found } of all.filter((each) => each.found.size > 0))
    say(`${table} holds ${found.size} secrets`);
  return new Set(all.flatMap(({ found }) => [...found]));
}

/** The requests as they would have been without redaction: the proof is void for a secret that no request shows. */
async function plainRequests(db: TestDatabase): Promise<string[]> {
  const row = await db.owner.modelConfig.findFirstOrThrow({ select: { id: true } });
  const config = await readModelConfig(db.web, row.id);
  if (!config) throw new Error("The proof has no model.");
  const incidents = await db.owner.incident.findMany({ select: { id: true, evidenceCount: true } });
  return Promise.all(
    incidents.map(async ({ id, evidenceCount }) => {
      const { records, loadTexts } = await requestEvidence(db.web, id, evidenceCount);
      const ranked = selectEvidence(records, config);
      return buildRequest({
        ...{
          kind: "summary",
          config,
          prompts: LATEST,
          records,
          ranked,
          withheld: 0,
          capped: false,
        },
        ...{ fence: "fence", canary: "canary", redactor: { redact: (text: string) => text } },
        rawTexts: await loadTexts(ranked.map((record) => record.id)),
      }).text;
    }),
  );
}

type Stored = { table: string; texts: string[] };

/** Every row of every table but the evidence, as a dump of the database would have it. */
async function storedRows(db: TestDatabase): Promise<Stored[]> {
  const { rows: tables } = await db.pools.owner.query<{ name: string; table: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relname as table from pg_class c
     join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`,
  );
  const stored: Stored[] = [];
  for (const { name, table } of tables.filter((each) => !EVIDENCE_TABLES.includes(each.table))) {
    const { rows } = await db.pools.owner.query<{ text: string }>(
      `select t::text as text from ${name} t`,
    );
    const more = table === "sealed_payload" ? await payloads(db) : [];
    stored.push({ table: name, texts: [...rows.map(({ text }) => text), ...more] });
  }
  return stored;
}

async function payloads(db: TestDatabase): Promise<string[]> {
  const { rows } = await db.pools.owner.query<{ bytes: Buffer | null }>(
    "select bytes from trail.payload",
  );
  return rows.map(({ bytes }) => bytes?.toString("utf8") ?? "");
}

type Leaks = Record<"shown" | "wire" | "stored" | "logged", Set<number>>;

function figuresOf(planted: readonly Planted[], leaks: Leaks): Figure[] {
  const n = planted.length;
  const must = planted.filter(({ isMust }) => isMust);
  const mustIn = (where: Set<number>) => must.filter(({ number }) => where.has(number)).length;
  const kept = planted.filter(({ number }) => leaks.shown.has(number) && !leaks.wire.has(number));
  const recall = kept.length / Math.max(1, leaks.shown.size);
  const none = (id: string, where: Set<number>, target: string): Figure => ({
    ...{ id: `secrets.must_${id}`, value: mustIn(where), unit: "secrets", n: must.length },
    ...{ target, holds: mustIn(where) === 0, note: shareWithInterval(mustIn(where), must.length) },
  });
  return [
    {
      ...{
        id: "secrets.in_requests_without_redaction",
        value: leaks.shown.size,
        unit: "secrets",
        n,
      },
      ...{ target: "all of them would have left", holds: leaks.shown.size === n },
      note: `${KIND_COUNT} kinds, ${CARRIERS.length} carriers`,
    },
    none("on_the_wire", leaks.wire, "none of a must class leaves"),
    none("stored", leaks.stored, "none of a must class in any table but the evidence"),
    none("logged", leaks.logged, "none of a must class in the logs"),
    {
      ...{
        id: "secrets.recall",
        value: Number(recall.toFixed(4)),
        unit: "share",
        n: leaks.shown.size,
      },
      ...{ target: "at least 0.99", holds: recall >= 0.99 },
      note: shareWithInterval(kept.length, leaks.shown.size),
    },
  ];
}

/** What was missed, by kind and carrier. */
function report(planted: readonly Planted[], wire: Set<number>): void {
  for (const { kind, carrier, number, text } of planted.filter((each) => wire.has(each.number)))
    say(`missed: ${kind} in ${carrier} (${number}): ${JSON.stringify(text.slice(0, 100))}`);
}
