/** M21: the right number in another unit, zone or place. */
import type { DraftClaim } from "#lib/domain/summary/claim.ts";
import type { Lie } from "./bench-claim.ts";
import { backed, FALSE, HARD, told } from "./lies.ts";
import { iso, timesIn } from "./mutants-amounts.ts";
import type { Operator } from "./mutant-context.ts";
import { sameTime } from "./oracle.ts";
import type { Random } from "./random.ts";
import { placeOf } from "./slots.ts";

/** M21: MB for bytes, local time for UTC, a port told as a PID. */
export const wrongUnit: Operator = (claim, _context, random) => [
  ...otherSize(claim, random),
  ...localTime(claim, random),
  ...otherNumber(claim, "port as PID", /\bport (\d+)/, "PID", "process.pid"),
  ...otherNumber(claim, "PID as port", /\bPID (\d+)/, "port", "destination.port"),
];

const LARGER: Record<string, [string, number][]> = {
  bytes: [
    ["kB", 1e3],
    ["MB", 1e6],
  ],
  kB: [["MB", 1e3]],
  KB: [["MB", 1e3]],
  MB: [["GB", 1e3]],
  GB: [["TB", 1e3]],
};

function otherSize(claim: DraftClaim, random: Random): Lie[] {
  const said = /(?<![\d.,])(\d[\d,]*(?:\.\d+)?) (bytes|kB|KB|MB|GB)\b/.exec(claim.text);
  const [unit, factor] = random.pick(LARGER[said?.[2] ?? ""] ?? []) ?? [];
  if (!said || !unit || !factor) return [];
  const text = claim.text.replace(said[0], `${said[1]} ${unit}`);
  const isSum = claim.predicates.some((p) => p.op === "sum");
  const asserts = claim.predicates.map((p) => (p.op === "sum" ? { ...p, n: p.n * factor } : p));
  const lie = told("bytes", FALSE, claim, { text }, isSum ? asserts : null);
  return isSum ? [lie, backed("bytes", FALSE, claim, { text }, asserts)] : [lie];
}

function localTime(claim: DraftClaim, random: Random): Lie[] {
  const time = random.pick(timesIn(claim).filter(({ text }) => /UTC|Z$/.test(text)));
  if (!time) return [];
  const spelled = time.text.replace(/ ?UTC|Z/, " local time (+02:00)");
  const text = claim.text.replaceAll(time.text, spelled);
  const shifted = time.ms - 2 * 3_600_000;
  const asserts = claim.predicates.map((p, at) =>
    time.at.includes(at) ? { ...p, value: iso(shifted, p.value) } : p,
  );
  const isSame = time.at.every((at) => sameTime(time.ms, asserts[at]?.value ?? ""));
  return isSame ? [] : [told("local for UTC", FALSE, claim, { text }, asserts)];
}

function otherNumber(
  claim: DraftClaim,
  variant: string,
  from: RegExp,
  noun: string,
  field: string,
): Lie[] {
  const [whole, number] = from.exec(claim.text) ?? [];
  if (!whole || !number || placeOf(claim.text, number) < 0) return [];
  const text = claim.text.replace(whole, `${noun} ${number}`);
  const isIt = /\.(?:port|pid)$/;
  const asserts = claim.predicates.map((p) =>
    isIt.test(p.field) && p.value === number ? { ...p, field } : p,
  );
  const lie = told(variant, FALSE, claim, { text }, asserts);
  const isChanged = asserts.some((p, at) => p !== claim.predicates[at]);
  return isChanged ? [lie, backed(variant, HARD, claim, { text }, asserts)] : [lie];
}
