/** Every guard that the database's own catalog shows, and for each what it is like without it. */
import { ATTACKS, judge, missedAttacks, missingGuards, withoutGuard } from "./testing-attacks.ts";
import { EXEMPT } from "./testing-guards-exempt.ts";
import { rolledBackGuards } from "./testing-guards-tried.ts";
import { queueRunForTest } from "./testing-runs.ts";
import { openProposal, type Attack, type World } from "./testing-world.ts";

/**
 * `code`: every refusal with this code. `refusal`: one place in one function that refuses. `trigger`. `check`: a check
 * constraint. `unique`: what may not stand twice. `right`: what a login may not do with a table. `call`: a function that some logins may not call. `path`: a
 * function's fixed search path.
 */
export type GuardKind =
  | "code"
  | "refusal"
  | "trigger"
  | "check"
  | "unique"
  | "right"
  | "call"
  | "path";

export type Mutant = {
  /** How many attacks noticed that the guard was gone. */
  noticedBy: number;
  /** A start said that something is missing. */
  isAtStart: boolean;
  /** Afterwards every attack on it was refused again, and nothing was missing. */
  isBack: boolean;
};

export type Guard = {
  kind: GuardKind;
  name: string;
  /** Why no attack notices its loss; null: one must. */
  exempt: string | null;
  /** Attacks that might notice; none and no exemption: the guard was forgotten. */
  attacks: number;
  without: () => Promise<Mutant>;
};

type Found = Omit<Guard, "exempt">;

/** All of them, from the catalog alone: what a migration adds is in it. */
export async function guardsOf(world: World): Promise<Guard[]> {
  // one open row of each, for what may be open once
  const { incidentId } = await openProposal(world);
  await queueRunForTest(world.db, { incidentId, model: world.model });
  const found = [
    ...(await codes(world)),
    ...(await refusals(world)),
    ...(await triggers(world)),
    ...(await rolledBackGuards(world)),
  ];
  return found.map((guard) => ({ ...guard, exempt: exemptionOf(guard) }));
}

function exemptionOf({ kind, name }: Found): string | null {
  return EXEMPT.find((one) => one.kind === kind && one.name.test(name))?.reason ?? null;
}

/** Guards that nobody attacks and nobody gave a reason for, and reasons that fit no guard any more. */
export function forgotten(guards: readonly Guard[]): string[] {
  const unnamed = guards.filter(({ exempt, attacks }) => exempt === null && attacks === 0);
  const stale = EXEMPT.filter(
    ({ kind, name }) => !guards.some((guard) => guard.kind === kind && name.test(guard.name)),
  );
  return [
    ...unnamed.map(({ kind, name }) => `${kind} ${name}: no attack, no reason`),
    ...stale.map(({ kind, name }) => `${kind} ${name.source}: a reason for nothing`),
  ];
}

type Source = { name: string; def: string };

async function sources({ owner }: World): Promise<Source[]> {
  const { rows } = await owner.query<Source>(
    `select oid::regprocedure::text as name, pg_get_functiondef(oid) as def from pg_proc
     where pronamespace::regnamespace::text in ('gate', 'trail') and prokind = 'f' order by 1`,
  );
  return rows;
}

/** The codes with which some function of the gate or the trail refuses. */
export async function guardCodes(world: World): Promise<string[]> {
  const all = (await sources(world)).flatMap(({ def }) =>
    [...def.matchAll(/gate\.refuse\(\s*'(G\d+)'/g)].map(([, code]) => code!),
  );
  return [...new Set(all)];
}

async function codes(world: World): Promise<Found[]> {
  return (await guardCodes(world)).map((name) => ({
    ...{ kind: "code", name, attacks: named(name).length },
    without: () => withoutNamed(world, name),
  }));
}

async function triggers(world: World): Promise<Found[]> {
  const { rows } = await world.owner.query<{ name: string; table: string; def: string }>(
    `select format('%s on %s', t.tgname, t.tgrelid::regclass) as name, t.tgrelid::regclass::text as table,
       pg_get_functiondef(t.tgfoid) as def from pg_trigger t join pg_class c on c.oid = t.tgrelid where not t.tgisinternal and c.relnamespace::regnamespace::text in ('public', 'gate', 'trail') order by 1`,
  );
  return rows.map(({ name, table, def }) => {
    const attacks = [...new Set([...named(name), ...attacksOnAny(def)])];
    const change = (how: string) => `alter table ${table} ${how} trigger ${name.split(" on ")[0]}`;
    const removal = { away: change("disable"), back: change("enable always") };
    return {
      ...{ kind: "trigger", name, attacks: attacks.length },
      without: () => silenced(world, removal, attacks),
    };
  });
}

/** A refusal in another form than is looked for here must not go unseen. */
function hasOther(def: string): boolean {
  const count = (of: RegExp) => [...def.matchAll(of)].length;
  return count(/gate\.refuse\(|RAISE EXCEPTION/gi) !== count(REFUSAL);
}

function notUnderstood(of: string): Found {
  const mutant = { noticedBy: 0, isAtStart: false, isBack: false };
  const name = `${of}: a refusal of a form that the proof does not read`;
  return { kind: "refusal", name, attacks: 0, without: () => Promise.resolve(mutant) };
}

/** Attacks on any refusal in this function whose words are its own. */
function attacksOnAny(def: string): Attack[] {
  return [...def.matchAll(REFUSAL)].flatMap(([, code, words, raised = ""]) => {
    const said = (words ?? raised).replaceAll(/\s+/g, " ");
    return code !== undefined || /^'[\w-]+: \w/.test(said) ? attacksOn(code, said) : [];
  });
}

function named(guard: string): Attack[] {
  return ATTACKS.filter(({ notices }) => notices === guard);
}

async function withoutNamed(world: World, name: string): Promise<Mutant> {
  const { noticedBy, atStart } = await withoutGuard(world, name);
  const still = [...(await missedAttacks(world, name)), ...(await missingGuards(world))];
  return { noticedBy: noticedBy.length, isAtStart: atStart.length > 0, isBack: still.length === 0 };
}

const REST = String.raw`((?:'(?:[^']|'')*'|[^';])*)`;
/** With a code of its own, raised, or with what another function gave as a reason. */
const REFUSAL = new RegExp(
  String.raw`PERFORM gate\.refuse\(\s*'(G\d+)',\s*${REST}\);|RAISE EXCEPTION ${REST};|PERFORM gate\.refuse\(\s*([^'\s][^;]*)\);`,
  "gi",
);

/** Each place in the source that refuses, made silent by itself. */
async function refusals(world: World): Promise<Found[]> {
  const found: Found[] = [];
  const all = await sources(world);
  for (const { name: of, def } of all) {
    if (of.startsWith("gate.refuse(")) continue;
    if (hasOther(def)) found.push(notUnderstood(of));
    const seen = new Map<string, number>();
    for (const match of def.matchAll(REFUSAL)) {
      const [text, code, words, raised, relayed] = match;
      const said = (words ?? raised ?? relayed ?? "").replaceAll(/\s+/g, " ").slice(0, 90);
      const nth = (seen.get(said) ?? 0) + 1;
      seen.set(said, nth);
      const name = `${of.split("(")[0]}: ${code ?? (relayed ? "relays" : "raises")} ${said}${nth > 1 ? ` (${nth})` : ""}`;
      const silent =
        raised === undefined ? "NULL;" : text.replace(/RAISE EXCEPTION/i, "RAISE DEBUG");
      const away = def.slice(0, match.index) + silent + def.slice(match.index + text.length);
      const attacks = relayed ? attacksOnReasons(all) : attacksOn(code, said);
      found.push({
        ...{ kind: "refusal", name, attacks: attacks.length },
        without: () => silenced(world, { away, back: def }, attacks),
      });
    }
  }
  return found;
}

/** Attacks that this refusal may be the one to stop: by code and the words it begins with, as far as they are fixed. */
function attacksOn(code: string | undefined, said: string): Attack[] {
  const words = (/'((?:[^']|'')*)/.exec(said)?.[1] ?? "").replaceAll("''", "'").split("%")[0]!;
  if (code === undefined) {
    const first = words.includes(":") ? `${words.split(":")[0]}:` : "";
    return ATTACKS.filter(({ says }) => first !== "" && says.startsWith(first));
  }
  return ATTACKS.filter(({ says }) => {
    const rest = says.slice(code.length + 1);
    return says.startsWith(`${code} `) && (words.startsWith(rest) || rest.startsWith(words));
  });
}

/** Attacks on the codes that some function gives as a reason and another one refuses with; in their own order. */
function attacksOnReasons(all: readonly Source[]): Attack[] {
  const codes = all.flatMap(({ def }) =>
    [...def.matchAll(/gate\.reason\('(G\d+)'/g)].map(([, code]) => code),
  );
  return ATTACKS.filter(({ notices }) => notices !== undefined && codes.includes(notices));
}

async function silenced(
  world: World,
  { away, back }: { away: string; back: string },
  attacks: readonly Attack[],
): Promise<Mutant> {
  const missed = async () => {
    let count = 0;
    for (const attack of attacks) if (!(await judge(world, attack)).holds) count += 1;
    return count;
  };
  await world.owner.query(away);
  let [noticedBy, isAtStart] = [0, false];
  try {
    noticedBy = await missed();
    isAtStart = (await missingGuards(world)).length > 0;
  } finally {
    await world.owner.query(back);
  }
  const isBack = (await missed()) === 0 && (await missingGuards(world)).length === 0;
  return { noticedBy, isAtStart, isBack };
}
