import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import {
  type ClaimCheck,
  type DraftClaim,
  type Predicate,
  type Standing,
  type VerifiedClaim,
  worstStanding,
} from "#lib/domain/summary/claim.ts";
import { checkBearing } from "./bearing.ts";
import { boundFields, type Fact, type Group, groupFacts, toFact } from "./bindings.ts";
import { check } from "./checks.ts";
import { checkCitations, type CitedClaim } from "./citations.ts";
import { checkConsistency } from "./consistency.ts";
import { type Coverage, coverText } from "./coverage.ts";
import { buildDictionary, type Dictionary } from "./dictionary.ts";
import type { EntityType } from "./entities.ts";
import { type EvidenceIndex, findRecord, indexEvidence } from "./evidence-index.ts";
import { extractEntities, type KnownValue, typeOfValue } from "./extract.ts";
import { normalise, toRaw } from "./normalise.ts";
import { evaluatePredicate, type PredicateOutcome } from "./predicates.ts";
import { checkPresence } from "./presence.ts";
import { readText, type Reading } from "./reading.ts";
import { checkTaint } from "./taint.ts";
import { negates } from "./word-cover.ts";
import { valueType } from "./values.ts";

/** Stored with every check, so that a change of the rules can be told from a change of evidence. */
export const VERIFIER_VERSION = "2";

/** The incident as it is stored. `capped`: there are more records than these. */
export type Evidence = {
  records: EvidenceRecord[];
  rawText: (id: string) => string | null;
  capped: boolean;
};

const MAX_TEXT = 4000;
const CLASS_FIELDS = new Set(["action", "outcome", "severity", "event.class"]);
const MAX_PREDICATES = 60;
const MAX_THINGS = 150;
const MAX_CHECKS = 200;

/** Gives a claim its standing, whenever one comes in. */
export type Verifier = { verify: (claim: DraftClaim) => VerifiedClaim };

/** Gives every claim its standing, with the checks that led to it. Total: never throws on content. */
export function verifyClaims(claims: DraftClaim[], evidence: Evidence): VerifiedClaim[] {
  const verifier = openVerifier(evidence);
  return claims.map((claim) => verifier.verify(claim));
}

/**
 * The same for claims that come one by one: what all of them need of the evidence is built here, once. A claim's
 * standing depends on no other claim.
 */
export function openVerifier(evidence: Evidence): Verifier {
  const index = indexEvidence(evidence.records);
  const dictionary = buildDictionary(index);
  return { verify: (claim) => verifyOne(claim, evidence, index, dictionary) };
}

function verifyOne(
  claim: DraftClaim,
  evidence: Evidence,
  index: EvidenceIndex,
  dictionary: Dictionary,
): VerifiedClaim {
  const cited = checkCitations(claim, index, evidence.rawText);
  const checks = [...cited.checks];
  const refusal = refuse(claim);
  if (refusal) {
    checks.push(refusal);
    return finish(claim, checks, cited, []);
  }
  const facts = checkPredicates(claim, cited, index, evidence.capped, checks);
  checks.push(...checkConsistency(claim.predicates, index));
  const groups = groupFacts(facts);
  const text = normalise(claim.text);
  const entities = extractEntities(text.text, dictionary, valuesOf(claim.predicates));
  if (entities.length > MAX_THINGS) {
    const found = `a claim names at most ${MAX_THINGS} things`;
    checks.push(check("text", "unsupported", `${entities.length} things`, found));
    return finish(claim, checks, cited, []);
  }
  const reading = readText(text.text, entities, cited.records);
  checks.push(...checkPresence(reading, { cited, groups, index, rawText: evidence.rawText }));
  const coverage = coverText(reading, groups, facts, cited.records, index);
  checks.push(...coverage.conflicts);
  checks.push(...checkBearing({ reading, facts, index, cited, rawText: evidence.rawText }));
  checks.push(...checkBinding(reading, groups, coverage));
  checks.push(...checkPolarity(claim, reading, groups, facts));
  checks.push(...checkTaint(reading, coverage, facts, cited));
  if (claim.kind === "assessment") {
    checks.push(
      check("judgement", "partial", "an assessment", "a judgement is not for records to settle"),
    );
  }
  const uncovered = reportUncovered(reading, coverage, facts.length > 0, checks).map(([a, b]) =>
    toRaw(text, a, b),
  );
  return finish(claim, checks, cited, uncovered);
}

function finish(
  claim: DraftClaim,
  checks: ClaimCheck[],
  cited: CitedClaim,
  uncovered: [number, number][],
): VerifiedClaim {
  const standing = worstStanding(checks.map((c) => c.effect)) ?? "unsupported";
  return {
    ...claim,
    standing,
    checks: keepChecks(checks),
    resolved: cited.resolved,
    uncovered,
  };
}

/** Of too many checks, those that failed are kept before those that held. */
function keepChecks(checks: ClaimCheck[]): ClaimCheck[] {
  if (checks.length <= MAX_CHECKS) return checks;
  const held = checks.filter((c) => c.effect === "supported");
  const failed = checks.filter((c) => c.effect !== "supported");
  return [...failed, ...held].slice(0, MAX_CHECKS);
}

function refuse(claim: DraftClaim): ClaimCheck | null {
  if (claim.text.trim() === "") return check("text", "unsupported", "", "the claim says nothing");
  if (claim.text.length > MAX_TEXT) {
    return check(
      "text",
      "unsupported",
      claim.text.slice(0, 80),
      `a claim has at most ${MAX_TEXT} characters`,
    );
  }
  if (claim.predicates.length > MAX_PREDICATES) {
    const found = `a claim has at most ${MAX_PREDICATES}`;
    return check("predicate", "unsupported", `${claim.predicates.length} predicates`, found);
  }
  return null;
}

/** Every predicate leaves a check; the true ones are the facts the text may rest on. */
function checkPredicates(
  claim: DraftClaim,
  cited: CitedClaim,
  index: EvidenceIndex,
  capped: boolean,
  checks: ClaimCheck[],
): Fact[] {
  const facts: Fact[] = [];
  for (const predicate of claim.predicates) {
    const outcome = evaluatePredicate(predicate, index, capped);
    const uncited = predicate.evidence
      .map((id) => findRecord(index, id))
      .find((r) => r !== null && !cited.records.includes(r));
    checks.push({
      check: "predicate",
      effect: effectOf(outcome),
      said: outcome.said,
      found: outcome.found,
      where: outcome.where,
      ...askedOf(predicate),
    });
    if (uncited) {
      const found = "a record the claim does not cite";
      checks.push(check("cited_id", "unsupported", outcome.said, found, [uncited]));
    } else if (outcome.result === true) facts.push(toFact(predicate, outcome));
  }
  return facts;
}

/** The query and the field of a check, so that a reader can open what was counted. */
function askedOf(p: Predicate): Pick<ClaimCheck, "query" | "field"> {
  const bound = ["field", "order", "chain"].includes(p.op) || p.evidence.length > 0;
  return { ...(bound ? {} : { query: p.where }), ...(p.field === "" ? {} : { field: p.field }) };
}

function effectOf(outcome: PredicateOutcome): Standing {
  if (outcome.result === true) return "supported";
  if (outcome.result === false) return "contradicted";
  return outcome.reason === "capped" || outcome.reason === "no_time" ? "partial" : "unsupported";
}

/** The facts must be about what the text names (M23). */
function checkBinding(reading: Reading, groups: Group[], coverage: Coverage): ClaimCheck[] {
  if (groups.length === 0 || coverage.support.size > 0) return [];
  const things = reading.entities.filter((e) => e.type !== "vague" && e.type !== "label");
  const isAbout = things.some((e) => groups.some((g) => boundFields(e, g).length > 0));
  if (things.length === 0 || isAbout) return [];
  return [check("binding", "unsupported", reading.text, "the predicates are about something else")];
}

/** "did not" needs `absent`; and what a predicate finds absent must not be told as present. */
function checkPolarity(
  claim: DraftClaim,
  reading: Reading,
  groups: Group[],
  facts: Fact[],
): ClaimCheck[] {
  const negated = reading.words.some((w) => w.class === "negation");
  const limited = negated || reading.words.some((w) => w.class === "universal");
  const zero = reading.entities.some((e) => e.type === "count" && e.n === 0);
  const absent = facts.some(
    (f) => f.predicate.op === "absent" || (f.predicate.op === "count" && f.predicate.n === 0),
  );
  if (absent && !limited && !zero) {
    return [
      check(
        "polarity",
        "contradicted",
        reading.text,
        "the predicate finds none, the text says there are",
      ),
    ];
  }
  if (claim.polarity === "negated" && !groups.some((g) => negates(g))) {
    const effect = groups.length > 0 && !limited ? "contradicted" : "partial";
    return [check("polarity", effect, "a negated claim", "no predicate shows an absence")];
  }
  return [];
}

const JUDGED = new Set(["cause", "attribution", "assessment", "verdict", "intent"]);

function reportUncovered(
  reading: Reading,
  coverage: Coverage,
  hasFacts: boolean,
  checks: ClaimCheck[],
): [number, number][] {
  const spans: [number, number][] = [];
  for (const { start, end, word, entity } of coverage.uncovered) {
    spans.push([start, end]);
    const said = reading.text.slice(start, end);
    if (word && JUDGED.has(word.class)) {
      checks.push(check("judgement", "partial", said, `${word.class}: not for records to settle`));
    } else if (word?.class === "universal") {
      checks.push(
        check(
          "coverage",
          hasFacts ? "unsupported" : "partial",
          said,
          "no predicate shows that there are no others",
        ),
      );
    } else if (entity?.type === "vague") {
      checks.push(check("coverage", "partial", said, "a vague amount"));
    } else {
      checks.push(check("coverage", "partial", said, "no true predicate covers this"));
    }
  }
  return spans.toSorted((a, b) => a[0] - b[0]);
}

/** What the predicates name, to be found in the text as it stands. */
function valuesOf(predicates: Predicate[]): KnownValue[] {
  const values: KnownValue[] = [];
  for (const predicate of predicates.slice(0, MAX_PREDICATES)) {
    const terms = toFact(predicate, {
      result: true,
      reason: null,
      said: "",
      found: "",
      where: [],
      records: [],
    }).terms;
    for (const { field, value } of terms) {
      if (field === "time" || field === "kind") continue;
      // a class of records is told by nouns and verbs, which have their own rules
      if (CLASS_FIELDS.has(field) && /^[a-z]+$/i.test(value)) continue;
      if (valueType(field) === "number" || /^\d+$/.test(value)) continue;
      values.push({ value, type: typeOfValue(value) ?? typeOfField(field) });
    }
  }
  return values;
}

function typeOfField(field: string): EntityType {
  const type = valueType(field);
  if (
    type === "host" ||
    type === "user" ||
    type === "domain" ||
    type === "hash" ||
    type === "registry"
  )
    return type;
  if (type === "path")
    return field.endsWith(".name") || field === "target.process" ? "process" : "path";
  return "name";
}
