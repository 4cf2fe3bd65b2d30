/** Hand-written attacks on the gate, by SQL of every login and over HTTP: each refused, and for the reason it names. */
import { ATTACK_TABLES, ATTACKS, guardOf, judge } from "#lib/db/testing-attacks.ts";
import { guardCodes } from "#lib/db/testing-guards.ts";
import { makeWorld, type World } from "#lib/db/testing-world.ts";
import { none, told, type Figure } from "../figures.ts";
import { say } from "../progress.ts";
import { drillDatabase } from "./drill/database.ts";
import { startProductWeb } from "./drill/product-web.ts";
import { flipBytes, type Flips } from "./gate/flips.ts";
import { HTTP_ATTACKS, type HttpAttack } from "./gate/http-attacks.ts";
import { effectsOf, httpDesk, type HttpDesk } from "./gate/http-desk.ts";
import { PASSKEY_HTTP_ATTACKS } from "./gate/passkey-attacks.ts";
import type { Proof, ProofMode } from "./proof.ts";

const LIMITS = `What this does not prove. These are attacks that people thought of. The owner of the database and a superuser can take
a guard away; what notices that is \`prove -- mutate\`, the check at each start, and checkpoints kept outside. An attack by a
machine in the middle of a browser, or on a person who is deceived into signing, is not among them.`;

type Outcome = { by: string; guard: string; name: string; holds: boolean; words: string };

const FLIPS: Record<ProofMode, number> = { short: 200, normal: 1_000, long: 10_000 };

/** An attack is one call, so all are made in every mode; altered assertions are as many as the mode has. */
export async function proveGate(mode: ProofMode): Promise<Proof> {
  const db = await drillDatabase();
  try {
    const world = await makeWorld(db);
    const codes = await guardCodes(world);
    const bySql = await attackBySql(world);
    const { outcomes: byHttp, isUnmoved, flips } = await attackByHttp(world, FLIPS[mode]);
    print([...bySql, ...byHttp]);
    for (const text of [...flips.accepted, ...flips.otherwise].slice(0, 10))
      say(`flipped: ${text}`);
    const figures = [...figuresOf({ codes, bySql, byHttp, isUnmoved }), ...flipFigures(flips)];
    return { figures, limits: LIMITS };
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

async function attackByHttp(world: World, flips: number) {
  const web = await startProductWeb(world.db);
  try {
    const desk = await httpDesk(world, web);
    const before = await effectsOf(desk);
    const outcomes: Outcome[] = [];
    for (const attack of [...HTTP_ATTACKS, ...PASSKEY_HTTP_ATTACKS])
      outcomes.push(await overHttp(desk, attack));
    const isUnmoved = (await effectsOf(desk)) === before;
    return { outcomes, isUnmoved, flips: await flipBytes(desk, flips) };
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

type Results = { codes: string[]; bySql: Outcome[]; byHttp: Outcome[]; isUnmoved: boolean };

function figuresOf({ codes, bySql, byHttp, isUnmoved }: Results): Figure[] {
  const unnamed = codes.filter((code) => !ATTACKS.some((attack) => guardOf(attack) === code));
  const n = bySql.length + byHttp.length;
  const held = [...bySql, ...byHttp].filter(({ holds }) => holds).length;
  const target = "all, for the reason named";
  return [
    { ...told("attacks", n, n, "written by hand"), target: "at least 60", holds: n >= ATTACKS_MIN },
    told("bySql", bySql.length, n, "as web, worker, auditor, signer and owner"),
    told("overHttp", byHttp.length, n, "on the web process"),
    none(
      "guardsUnnamed",
      unnamed.length,
      codes.length,
      "codes of the catalog that no attack names",
    ),
    { ...told("refused", held, n), target, holds: held === n },
    none("moved", isUnmoved ? 0 : 1, byHttp.length, "by what came over HTTP"),
  ];
}

function flipFigures({ flips, accepted, otherwise, wasGood }: Flips): Figure[] {
  return [
    none("flippedAccepted", accepted.length, flips, "of one good assertion, one bit of it turned"),
    none("flippedOtherwise", otherwise.length, flips, "refused for anything but the assertion"),
    none("unflippedRefused", wasGood ? 0 : 1, 1, "the same assertion as it was, taken at last"),
  ];
}
