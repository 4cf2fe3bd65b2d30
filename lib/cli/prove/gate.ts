/** Hand-written attacks on the gate, by SQL of every login and over HTTP: each refused, and for the reason it names. */
import { ATTACK_TABLES, ATTACKS, guardOf, judge } from "#lib/db/testing-attacks.ts";
import type { TestDatabase } from "#lib/db/testing.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { none, told, type Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { drillDatabase } from "./drill/database.ts";
import { startProductWeb } from "./drill/product-web.ts";
import { HTTP_ATTACKS, type HttpAttack } from "./gate/http-attacks.ts";
import { effectsOf, httpDesk, type HttpDesk } from "./gate/http-desk.ts";
import type { Proof, ProofMode } from "./proof.ts";

const LIMITS = `What this does not prove. These are attacks that people thought of. The owner of the database and a superuser can take
a guard away; what notices that is \`prove -- mutate\`, the check at each start, and checkpoints kept outside. An attack by a
machine in the middle of a browser, or on a person who is deceived into signing, is not among them.`;

type Outcome = { by: string; guard: string; name: string; holds: boolean; words: string };

/** The same in every mode: an attack is one call. */
export async function proveGate(_: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const world = await makeWorld(db);
    const bySql = await attackBySql(world);
    const { outcomes: byHttp, isUnmoved } = await attackByHttp(db, world);
    print([...bySql, ...byHttp]);
    return { figures: figuresOf(bySql, byHttp, isUnmoved), limits: LIMITS };
  } finally {
    await db.close();
  }
}

async function attackBySql(world: World): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [title, attacks] of ATTACK_TABLES) {
    for (const attack of attacks) {
      const { holds, words, state } = await judge(world, attack);
      const name = `${title}: ${attack.name}`;
      outcomes.push({ by: "SQL", guard: guardOf(attack), name, holds, words: `${state} ${words}` });
    }
  }
  return outcomes;
}

async function attackByHttp(db: TestDatabase, world: World) {
  const web = await startProductWeb(db);
  try {
    const desk = await httpDesk(world, web);
    const before = await effectsOf(desk);
    const outcomes: Outcome[] = [];
    for (const attack of HTTP_ATTACKS) outcomes.push(await overHttp(desk, attack));
    return { outcomes, isUnmoved: (await effectsOf(desk)) === before };
  } finally {
    await web.stop();
  }
}

async function overHttp(desk: HttpDesk, attack: HttpAttack): Promise<Outcome> {
  const { ok, code, guard, reasons } = await attack.run(desk);
  const given = code === "decision_refused" ? reasons : [code];
  const isNamed = given.includes(attack.refusedBy);
  const holds = !ok && isNamed && (attack.guard === undefined || attack.guard === guard);
  const words = `${code} ${guard ?? ""} ${reasons.join(", ")}`;
  return { by: "HTTP", guard: attack.guard ?? attack.refusedBy, name: attack.name, holds, words };
}

/** One row a guard; then every attack that did not go as it must. */
function print(outcomes: readonly Outcome[]): void {
  const byGuard = Map.groupBy(outcomes, ({ by, guard }) => `${by}  ${guard}`);
  const order = new Intl.Collator("en", { numeric: true });
  for (const [guard, some] of [...byGuard].toSorted(([a], [b]) => order.compare(a, b))) {
    const held = some.filter(({ holds }) => holds).length;
    say(`${held === some.length ? "ok  " : "MISS"}  ${guard.padEnd(36)} ${held} of ${some.length}`);
  }
  for (const { name, words } of outcomes.filter(({ holds }) => !holds))
    say(`NOT REFUSED FOR ITS REASON: ${name}: ${words}`);
}

const ATTACKS_MIN = 60;

function figuresOf(bySql: Outcome[], byHttp: Outcome[], isUnmoved: boolean): Figure[] {
  const n = bySql.length + byHttp.length;
  const held = [...bySql, ...byHttp].filter(({ holds }) => holds).length;
  const codes = new Set(ATTACKS.map(guardOf).filter((guard) => /^G\d+$/.test(guard)));
  const target = "all, for the reason named";
  return [
    { ...told("attacks", n, n, "written by hand"), target: "at least 60", holds: n >= ATTACKS_MIN },
    told("bySql", bySql.length, n, "as web, worker, auditor, signer and owner"),
    told("overHttp", byHttp.length, n, "on the web process"),
    told("guards", codes.size, codes.size, "with a code, each named by an attack"),
    { ...told("refused", held, n), target, holds: held === n },
    none("moved", isUnmoved ? 0 : 1, byHttp.length, "by what came over HTTP"),
  ];
}
