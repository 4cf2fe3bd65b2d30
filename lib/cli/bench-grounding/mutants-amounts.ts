/** M06 to M09: another amount, time, duration or order. */
import type { DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { FALSE } from "./lies.ts";
import { timeMs } from "./oracle.ts";
import type { Context, Operator } from "./mutant-context.ts";
import { occurs, replaceIn } from "./slots.ts";

const SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
const COUNTED = new Set<Predicate["op"]>(["count", "distinct"]);

/** How a text spells a number: with digits, a comma, or as a word; null when it does not say it. */
function spelledCount(text: string, n: number): string | null {
  const options = [String(n), n.toLocaleString("en-US"), SMALL[n] ?? ""];
  return options.find((o) => o !== "" && occurs(text, o)) ?? null;
}

/** M06: one more, one less, ten times as many, "dozens". */
export const wrongCount: Operator = (claim, _context, random) => {
  const options = claim.predicates.flatMap((p, at) => {
    const spelled = COUNTED.has(p.op) && p.cmp !== "gte" ? spelledCount(claim.text, p.n) : null;
    const alone = claim.predicates.every((q, i) => i === at || q.n !== p.n);
    return spelled && alone && p.n > 0 ? [{ p, at, spelled }] : [];
  });
  const chosen = random.pick(options);
  if (!chosen) return [];
  const { p, at, spelled } = chosen;
  const lies: Lie[] = [];
  for (const [variant, n] of [
    ["one more", p.n + 1],
    ["one less", p.n - 1],
    ["ten times", p.n * 10],
  ] as const) {
    if (n < 1) continue;
    const by = SMALL.includes(spelled.toLowerCase()) ? (SMALL[n] ?? String(n)) : String(n);
    const text = replaceIn(claim.text, spelled, cased(by, spelled));
    const asserts = claim.predicates.map((q, i) => (i === at ? { ...q, n } : q));
    lies.push({ variant, mode: "text", claim: { ...claim, text }, expected: FALSE, asserts });
    lies.push({
      variant,
      mode: "both",
      claim: { ...claim, text, predicates: asserts },
      expected: FALSE,
      asserts,
    });
  }
  const text = replaceIn(claim.text, spelled, cased("dozens of", spelled)).replace(/of of/, "of");
  lies.push({
    variant: "dozens",
    mode: "text",
    claim: { ...claim, text },
    expected: ["partial", "contradicted"],
    asserts: null,
  });
  return lies;
};

/** Times the text says, with the predicates that say them. */
export function timesIn(claim: DraftClaim): { text: string; ms: number; at: number[] }[] {
  const found: { text: string; ms: number; at: number[] }[] = [];
  claim.predicates.forEach((p, at) => {
    const isTime =
      (p.op === "field" && p.field === "time") || p.op === "first_seen" || p.op === "last_seen";
    const ms = isTime ? Date.parse(p.value) : Number.NaN;
    if (Number.isNaN(ms)) return;
    const text = spellingsOf(ms).find((s) => claim.text.includes(s));
    const known = found.find((f) => f.text === text);
    if (known) known.at.push(at);
    else if (text) found.push({ text, ms, at: [at] });
  });
  return found;
}

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** The spellings of the constructor and of the rules summary, the longest first. */
function spellingsOf(ms: number): string[] {
  const iso = new Date(ms).toISOString();
  const [day, clock] = [iso.slice(0, 10), iso.slice(11, 19)];
  const named = `${Number(iso.slice(8, 10))} ${MONTHS[Number(iso.slice(5, 7)) - 1]} ${iso.slice(0, 4)}`;
  return [
    `${named} at ${clock} UTC`,
    `${clock} UTC on ${day}`,
    `${day} ${clock} UTC`,
    `${day}T${clock}Z`,
    `${day} ${clock}`,
    `${day} ${clock.slice(0, 5)} UTC`,
    `${day} ${clock.slice(0, 5)}`,
  ];
}

/** M07: five minutes, an hour or a day off, or the same digits in another zone. */
export const wrongTime: Operator = (claim, _context, random) => {
  const time = random.pick(timesIn(claim));
  if (!time) return [];
  const form = spellingsOf(time.ms).indexOf(time.text);
  const shift = (seconds: number) => spellingsOf(time.ms + seconds * 1000)[form] ?? "";
  const sign = random.below(2) === 0 ? 1 : -1;
  const lies: Lie[] = [];
  for (const [variant, seconds] of [
    ["5 minutes", 300],
    ["1 hour", 3600],
    ["1 day", 86_400],
  ] as const) {
    const text = claim.text.replaceAll(time.text, shift(sign * seconds));
    const predicates = claim.predicates.map((p, at) =>
      time.at.includes(at) ? { ...p, value: iso(time.ms + sign * seconds * 1000, p.value) } : p,
    );
    lies.push({
      variant,
      mode: "text",
      claim: { ...claim, text },
      expected: FALSE,
      asserts: predicates,
    });
    lies.push({
      variant,
      mode: "both",
      claim: { ...claim, text, predicates },
      expected: FALSE,
      asserts: predicates,
    });
  }
  if (/UTC|Z$/.test(time.text)) {
    const zone = random.pick(["+02:00", "-05:00"])!;
    const text = claim.text.replaceAll(time.text, time.text.replace(/ ?UTC|Z/, zone));
    const shifted = time.ms - (zone === "+02:00" ? 2 : -5) * 3_600_000;
    const asserts = claim.predicates.map((p, at) =>
      time.at.includes(at) ? { ...p, value: iso(shifted, p.value) } : p,
    );
    lies.push({
      variant: "wrong zone",
      mode: "text",
      claim: { ...claim, text },
      expected: FALSE,
      asserts,
    });
  }
  return lies;
};

/** An instant as precise as a value that a predicate has. */
export function iso(ms: number, like: string): string {
  const length = like.replace(/Z$/, "").length;
  return `${new Date(ms).toISOString().slice(0, Math.min(length, 23))}Z`;
}

/** M08: ten times as long, or a tenth. */
export const wrongDuration: Operator = (claim, context, random) => {
  const at = claim.predicates.findIndex(
    (p) => p.op === "duration" || (p.op === "order" && p.within_s > 0),
  );
  const p = claim.predicates[at];
  const said = /(?<![\d.,:-])(\d{1,9}) (seconds?|minutes?|hours?|days?)\b/.exec(claim.text);
  if (!p || !said?.[1]) return [];
  const n = Number(said[1]);
  const lies: Lie[] = [];
  for (const [variant, by] of [
    ["ten times", n * 10],
    ["another", n + random.pick([2, 3, 7])! * Math.max(1, Math.round(n / 2))],
  ] as const) {
    const text = claim.text.replace(said[0], `${by} ${(said[2] ?? "").replace(/s?$/, "s")}`);
    const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[(said[2] ?? "s").charAt(0) as "s"];
    const seconds = p.n + (by - n) * unit;
    const asserts = claim.predicates.map((q, i) =>
      i === at && q.op === "duration" ? { ...q, n: seconds } : q,
    );
    if (p.op === "order" && !isLonger(claim, context, by * unit)) continue;
    const truth = p.op === "duration" ? asserts : null;
    lies.push({
      variant,
      mode: "text",
      claim: { ...claim, text },
      expected: FALSE,
      asserts: truth,
    });
    if (p.op === "duration")
      lies.push({
        variant,
        mode: "both",
        claim: { ...claim, text, predicates: asserts },
        expected: FALSE,
        asserts,
      });
  }
  return lies;
};

/** "Within 50 minutes" is still true of what took five: only an exact interval is refuted. */
function isLonger(claim: DraftClaim, context: Context, seconds: number): boolean {
  if (/within|less than|at most|up to/i.test(claim.text)) return false;
  const times = context.cited(claim).flatMap((r) => timeMs(r) ?? []);
  return times.length > 1 && Math.max(...times) - Math.min(...times) < seconds * 1000;
}

const ORDER_WORDS: [RegExp, string][] = [
  [/\bbefore\b/, "after"],
  [/\bafter\b/, "before"],
  [/\bfollowed by\b/, "preceded by"],
  [/\bearlier than\b/, "later than"],
  [/\bfirst seen\b/, "last seen"],
  [/\blast seen\b/, "first seen"],
  [/\bfirst\b/, "last"],
  [/\blast\b/, "first"],
  [/\bearliest\b/, "latest"],
  [/\blatest\b/, "earliest"],
];

/** M09: before for after, first for last. */
export const swappedOrder: Operator = (claim) => {
  const ordered = claim.predicates.some((p) => p.op === "order");
  const edge = claim.predicates.find((p) => p.op === "first_seen" || p.op === "last_seen");
  if (!ordered && !edge) return [];
  if (
    !ordered &&
    claim.predicates.filter((p) => p.op === "first_seen" || p.op === "last_seen").length > 1
  )
    return [];
  const words = ordered ? ORDER_WORDS.slice(0, 4) : ORDER_WORDS.slice(4);
  const word = words.find(([pattern]) => pattern.test(claim.text));
  if (!word) return [];
  const text = claim.text.replace(word[0], word[1]);
  const asserts = claim.predicates.map((p): Predicate => {
    if (p.op === "order") return { ...p, evidence: p.evidence.toReversed() };
    if (p.op === "first_seen") return { ...p, op: "last_seen" };
    return p.op === "last_seen" ? { ...p, op: "first_seen" } : p;
  });
  return [
    {
      variant: ordered ? "before and after" : "first and last",
      mode: "text",
      claim: { ...claim, text },
      expected: FALSE,
      asserts,
    },
    {
      variant: ordered ? "before and after" : "first and last",
      mode: "both",
      claim: { ...claim, text, predicates: asserts },
      expected: FALSE,
      asserts,
    },
  ];
};

function cased(by: string, like: string): string {
  return /^[A-Z]/.test(like) ? by.charAt(0).toUpperCase() + by.slice(1) : by;
}
