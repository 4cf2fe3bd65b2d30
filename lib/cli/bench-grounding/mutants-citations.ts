/** M12, M13, M15, M23 to M26: citations, quotes, techniques, predicates, copied text, evidence. */
import { findTechnique, allTechniques } from "#lib/grounding/attack-table.ts";
import { evidenceLabel } from "#lib/domain/evidence/record.ts";
import type { DraftClaim, Predicate } from "#lib/domain/summary/claim.ts";
import { UNUSED } from "./bench-claim.ts";
import type { Lie } from "./bench-claim.ts";
import { fieldIs, isTrue, termsOf, valuesOf } from "./oracle.ts";
import type { Operator } from "./mutant-context.ts";
import { isAbout } from "./mutants-relations.ts";
import { quoteOf } from "./quoting.ts";
import { isBound, occurs, slotsOf } from "./slots.ts";

const ABSENT: Lie["expected"] = ["unsupported"];

/** M12: another record of the incident, one of another incident, one that does not exist, none. */
export const wrongCitation: Operator = (claim, context, random) => {
  const { incident } = context;
  const [first] = claim.citations;
  if (!first) return [];
  const lies: Lie[] = [];
  const cite = (id: string, quote: string): DraftClaim => ({ ...claim, citations: [{ id, quote }, ...claim.citations.slice(1)] });
  lies.push({ variant: "no such record", mode: "text", claim: cite(`E${incident.records.length + 1 + random.below(1000)}`, first.quote), expected: ABSENT, asserts: null });
  lies.push({ variant: "record of another incident", mode: "text", claim: cite(context.foreignId, first.quote), expected: ABSENT, asserts: null });
  lies.push({ variant: "no citation", mode: "text", claim: { ...claim, citations: [] }, expected: ABSENT, asserts: null });
  const other = random.pick(random.sample(incident.records, 20).filter((r) => !claim.citations.some(({ id }) => id === evidenceLabel(r.position)) && !isAbout(claim, r)));
  const quote = other && quoteOf(incident.raws.get(other.id) ?? "", valuesOf(other, "host"));
  if (other && quote && claim.citations.length === 1) {
    const id = evidenceLabel(other.position);
    const asserts = claim.predicates.map((p) => ({ ...p, evidence: p.evidence.map((e) => (e === first.id ? id : e)) }));
    const same = !claim.predicates.some((p) => p.evidence.length > 0);
    lies.push({ variant: "another record", mode: "text", claim: cite(id, quote), expected: ABSENT, asserts: null });
    if (!same)
      lies.push({ variant: "another record", mode: "both", claim: { ...cite(id, quote), predicates: asserts }, expected: ["unsupported", "contradicted"], asserts });
  }
  return lies;
};

/** M13: a quote that the record does not have word for word, or that is no quote. */
export const wrongQuote: Operator = (claim, context, random) => {
  const [first] = claim.citations;
  const [record] = context.cited(claim);
  if (!first || !record) return [];
  const raw = context.incident.raws.get(record.id) ?? "";
  const lies: Lie[] = [];
  const say = (variant: string, quote: string) => {
    if (isWordForWord(raw, quote)) return;
    const citations = [{ id: first.id, quote }, ...claim.citations.slice(1)];
    lies.push({ variant, mode: "text", claim: { ...claim, citations }, expected: ABSENT, asserts: null });
  };
  say("one token altered", first.quote.replace(/[\p{L}\p{N}]+/u, (w) => (w === "other" ? "another" : "other")));
  say("one character altered", first.quote.replace(/[a-z0-9](?=[^a-z0-9]*$)/i, (c) => (c === "7" ? "8" : "7")));
  const other = random.pick(random.sample(context.incident.records, 20).filter((r) => r !== record));
  const foreign = other && quoteOf(context.incident.raws.get(other.id) ?? "", [String(other.time), other.id, ...valuesOf(other, "process.command_line"), ...valuesOf(other, "message")]);
  if (foreign) say("of another record", foreign);
  lies.push({ variant: "under 4 characters", mode: "text", claim: { ...claim, citations: [{ id: first.id, quote: first.quote.slice(0, 3) }] }, expected: ABSENT, asserts: null });
  lies.push({ variant: "empty", mode: "text", claim: { ...claim, citations: [{ id: first.id, quote: "" }] }, expected: ABSENT, asserts: null });
  return lies;
};

/** As written, or with JSON's escapes put in or taken out. */
function isWordForWord(raw: string, quote: string): boolean {
  const escaped = JSON.stringify(quote).slice(1, -1);
  return [quote, escaped, quote.replaceAll("\\\\", "\\"), quote.replaceAll('\\"', '"')].some((q) => q.length > 3 && raw.includes(q));
}

/** M15: a technique nobody tagged, one that does not exist, a revoked one, a wrong name or tactic. */
export const wrongTechnique: Operator = (claim, context, random) => {
  const lies: Lie[] = [];
  const cited = context.cited(claim);
  const tagged = (id: string) => cited.some((r) => ["technique", "technique.original"].some((f) => fieldIs(r, f, id) === true || context.incident.raws.get(r.id)?.includes(id)));
  const slot = random.pick(slotsOf(claim).filter(({ field }) => field === "technique"));
  const all = allTechniques();
  const invented = random.pick(["T9999", "T1991", "T1059.099", "T1777.001"])!;
  const wrong = random.pick(all.filter((t) => !t.revokedBy && !tagged(t.id)))?.id;
  const revoked = random.pick(all.filter((t) => t.revokedBy && !tagged(t.id)))?.id;
  const stem = claim.text.replace(/\.$/, "");
  const put = (id: string) => (slot ? claim.text.replaceAll(slot.value, id) : `${stem} (${id}).`);
  for (const [variant, id] of [["invented", invented], ["not tagged", wrong], ["revoked", revoked]] as const) {
    if (!id || occurs(claim.text, id)) continue;
    const [record] = cited;
    const said: Predicate | null = record ? { ...UNUSED, op: "field", evidence: [evidenceLabel(record.position)], field: "technique", value: id } : null;
    lies.push({ variant, mode: "text", claim: { ...claim, text: put(id) }, expected: ABSENT, asserts: said ? [said] : null });
    if (said && isBound(claim.predicates)) {
      const rest = slot ? claim.predicates.filter((p) => p.field !== "technique") : claim.predicates;
      lies.push({ variant, mode: "both", claim: { ...claim, text: put(id), predicates: [...rest, said] }, expected: ["unsupported", "contradicted"], asserts: [said] });
    }
  }
  if (slot) {
    const own = findTechnique(slot.value);
    const other = random.pick(all.filter((t) => t.name !== own?.name && !t.revokedBy && t.name.includes(" ") && !claim.text.includes(t.name)));
    const named = own && claim.text.includes(own.name);
    if (other) lies.push({ variant: "wrong name", mode: "text", claim: { ...claim, text: named ? claim.text.replaceAll(own.name, other.name) : claim.text.replaceAll(slot.value, `${slot.value} (${other.name})`) }, expected: ABSENT, asserts: null });
    const tactic = random.pick(["Exfiltration", "Impact", "Initial Access", "Resource Development"].filter((t) => !cited.some((r) => valuesOf(r, "tactic").some((v) => v.toLowerCase().replace(/\W/g, "") === t.toLowerCase().replace(/\W/g, ""))) && !own?.tactics.some((x) => x.toLowerCase().replace(/\W/g, "") === t.toLowerCase().replace(/\W/g, ""))));
    if (tactic) lies.push({ variant: "wrong tactic", mode: "text", claim: { ...claim, text: `${stem}, of the tactic ${tactic}.` }, expected: [...ABSENT, "partial"], asserts: null });
  }
  return lies;
};

/** M23: the citations and predicates of one claim under the sentence of another. */
export const otherSentence: Operator = (claim, context, random) => {
  const other = random.pick(random.sample(context.siblings(claim), 12).filter((o) => !isCoveredBy(o, claim)));
  if (!other || other.text === claim.text) return [];
  const [own] = claim.predicates.flatMap((p) => p.evidence);
  const asserts = other.predicates.map((p) => (p.evidence.length > 0 && own ? { ...p, evidence: p.evidence.map(() => own) } : p));
  const bound = other.predicates.every((p) => p.evidence.length > 0) && own !== undefined;
  return [{ variant: other.kind, mode: "text", claim: { ...claim, text: other.text }, expected: ABSENT, asserts: bound ? asserts : null }];
};

/** A sentence whose predicates are among the claim's is no lie under them. */
function isCoveredBy(other: DraftClaim, claim: DraftClaim): boolean {
  const key = (p: Predicate) => JSON.stringify([p.op, p.where, p.field, p.value, p.n, p.cmp, p.evidence]);
  const own = new Set(claim.predicates.map(key));
  return other.predicates.every((p) => own.has(key(p)));
}

/** M24: nothing but "the cited record exists" under a sentence that says more. */
export const vacuous: Operator = (claim) => {
  const ids = [...new Set(claim.citations.map(({ id }) => id))];
  if (ids.length === 0) return [];
  const exists: Predicate = { ...UNUSED, op: "exists", evidence: ids };
  const expected: Lie["expected"] = ["partial"];
  const lies: Lie[] = [
    { variant: "exists", mode: "text", claim: { ...claim, predicates: [exists] }, expected, asserts: null },
    { variant: "exists, with its id as the query", mode: "text", claim: { ...claim, predicates: ids.map((id) => ({ ...exists, evidence: [id], where: `id=${id}` })) }, expected, asserts: null },
    { variant: "no predicate", mode: "text", claim: { ...claim, predicates: [] }, expected, asserts: null },
  ];
  return lies;
};

/** M25: what an attacker wrote into a record, told as the desk's own finding. */
export const copiedInjection: Operator = (claim, context, random) => {
  const lies: Lie[] = [];
  const [record] = context.cited(claim);
  const free = (["process.command_line", "user_agent", "message", "script", "email.subject", "url.full", "registry.value"] as const).find((f) => record && (valuesOf(record, f)[0] ?? "").length >= 24 && / .* /.test(valuesOf(record, f)[0] ?? ""));
  const expected: Lie["expected"] = ["partial"];
  if (record && free) {
    const words = (valuesOf(record, free)[0] ?? "").replace(/\s+/g, " ").slice(0, 90);
    const predicates = [...claim.predicates, { ...UNUSED, op: "field" as const, evidence: [evidenceLabel(record.position)], field: free, value: (valuesOf(record, free)[0] ?? "").slice(0, 90) }];
    const stem = claim.text.replace(/\.$/, "");
    lies.push({ variant: `own ${free} unquoted`, mode: "both", claim: { ...claim, text: `${stem}: ${words}.`, predicates }, expected: ["partial", "unsupported"], asserts: null });
  }
  const [target] = context.incident.records;
  const payload = random.pick(context.payloads);
  if (target && payload) {
    const at = context.injectedInto();
    const says = { ...UNUSED, op: "field" as const, evidence: [evidenceLabel(at.record.position)], field: at.field, value: at.text };
    const citations = [{ id: evidenceLabel(at.record.position), quote: at.text.slice(0, 80) }];
    const base = { kind: "observation" as const, polarity: "affirmed" as const, citations };
    lies.push({ variant: "payload as the sentence", mode: "both", evidence: "injected", claim: { ...base, text: at.text.slice(0, 600), predicates: [says] }, expected, asserts: null });
    lies.push({ variant: "payload after a true sentence", mode: "both", evidence: "injected", claim: { ...claim, text: `${claim.text} ${at.text.slice(0, 400)}`, citations: [...claim.citations, ...citations], predicates: [...claim.predicates, says] }, expected, asserts: null });
  }
  return lies;
};

/** M26: the same claim over doubled citations, late records, or evidence that is cut off. */
export const evidenceMoved: Operator = (claim, context) => {
  const same: Lie["expected"] = ["supported"];
  const lies: Lie[] = [
    { variant: "citation twice", mode: "text", claim: { ...claim, citations: [...claim.citations, ...claim.citations] }, expected: same, asserts: null },
  ];
  if (claim.predicates.every((p) => isTrue(p, context.late) === true) && claim.predicates.every((p) => termsOf(p.where).every(({ field }) => field !== "kind")))
    lies.push({ variant: "late records", mode: "text", evidence: "late", claim, expected: same, asserts: null });
  if (isBound(claim.predicates))
    lies.push({ variant: "cut off", mode: "text", evidence: "capped", claim, expected: same, asserts: null });
  return lies;
};
