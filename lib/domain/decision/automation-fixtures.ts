import fc from "fast-check";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import {
  AUTOMATIC_ACTIONS,
  AUTOMATION_BOUNDS,
  type AutomationFacts,
  type AutomationRule,
} from "./automation.ts";
import { RESPONSE_ACTION_KINDS } from "./decision.ts";
import { BLAST_RADII, blastRadiusOf, INCIDENT_TYPES } from "./policy.ts";

/** The rule that stands at first. */
export const RULE: AutomationRule = {
  number: 1,
  action: "collect_artifacts",
  severities: null,
  incidentTypes: null,
  minConfidence: 50,
  minSources: 1,
  maxPerHour: 60,
  maxPerIncident: 5,
};

/** Facts over which that rule lets it run; the confidence is 70. */
export const FACTS: AutomationFacts = {
  incident: "018f0000-0000-7000-8000-000000000001",
  number: 1,
  severity: "high",
  status: "new",
  merged: false,
  counted: true,
  types: ["execution"],
  action: "collect_artifacts",
  target: "ws-17",
  blastRadius: "collection",
  alerts: 1,
  sources: 1,
  alertSeverity: "high",
  summary: 1,
  summaryCurrent: true,
  claims: 2,
  supported: 2,
  contradicted: 0,
  doubt: {
    instructions: 0,
    records: [],
    writers: [],
    summary: "rules/1",
    claims: 2,
    failing: 0,
    percent: 0,
  },
  stops: [],
  done: false,
  inHand: false,
  inIncident: 0,
  lastHour: 0,
};

const mostly = <T>(usual: T, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, other);

/** Facts of any situation, often one that a rule could fit; also those that the database would never read. */
export function anyFacts(): fc.Arbitrary<AutomationFacts> {
  const counts = fc.tuple(fc.nat(12), fc.nat(12), mostly(0, fc.nat(3)));
  return fc
    .record({
      action: fc.constantFrom(...RESPONSE_ACTION_KINDS),
      asWritten: mostly(true, fc.boolean()),
      radius: fc.constantFrom(...BLAST_RADII),
      counts,
      severity: fc.constantFrom(...SEVERITIES),
      alertSeverity: fc.option(fc.constantFrom(...SEVERITIES)),
      types: fc.subarray([...INCIDENT_TYPES], { maxLength: 3 }),
      alerts: fc.nat(3),
      sources: fc.nat(4),
      status: mostly("new", fc.constantFrom("in_progress", "on_hold", "closed")),
      flags: fc.tuple(
        ...Array.from({ length: 3 }, () => mostly(false, fc.boolean())),
        ...Array.from({ length: 2 }, () => mostly(true, fc.boolean())),
      ),
      stops: mostly<string[]>([], fc.constant(["018f0000-0000-7000-8000-000000000002"])),
      instructions: mostly(0, fc.nat(2)),
      percent: mostly(0, fc.nat(100)),
      inIncident: mostly(0, fc.nat(6)),
      lastHour: mostly(0, fc.nat(70)),
    })
    .map(({ action, asWritten, radius, counts, flags, instructions, percent, ...rest }) => {
      const [a, b, contradicted] = counts;
      const [merged = false, done = false, inHand = false, counted = true, summaryCurrent = true] =
        flags;
      const written = blastRadiusOf({
        kind: "containment",
        reason: "",
        actions: [{ action, target: FACTS.target }],
      });
      return {
        ...FACTS,
        ...rest,
        action,
        blastRadius: asWritten ? written : radius,
        claims: Math.max(a, b),
        supported: Math.min(a, b),
        contradicted,
        merged,
        done,
        inHand,
        counted,
        summaryCurrent,
        doubt: { ...FACTS.doubt, instructions, percent },
      };
    });
}

/** Any rules that the database would take. */
export function anyRules(): fc.Arbitrary<AutomationRule[]> {
  const rule = fc.constantFrom(...AUTOMATIC_ACTIONS).chain((action) =>
    fc.record({
      action: fc.constant(action),
      severities: fc.option(fc.subarray([...SEVERITIES], { minLength: 1 })),
      incidentTypes: fc.option(fc.subarray([...INCIDENT_TYPES], { minLength: 1 })),
      minConfidence: fc.nat(100),
      minSources: fc.integer({ min: 1, max: 3 }),
      maxPerHour: fc.integer({ min: 1, max: AUTOMATION_BOUNDS[action].perHour }),
      maxPerIncident: fc.integer({ min: 1, max: AUTOMATION_BOUNDS[action].perIncident }),
    }),
  );
  return fc
    .array(rule, { maxLength: 4 })
    .map((rules) => rules.map((each, at) => ({ ...each, number: at + 1 })));
}
