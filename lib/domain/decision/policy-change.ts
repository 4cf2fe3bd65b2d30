/**
 * What a change of the policy does, pure: whether it weakens anything, and what it changes in which situation. Postgres
 * decides the first again for what is signed (`gate.policy_weakens`); docs/decisions/026 says why it is enough to look
 * at no type, each type and each pair.
 */
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import { DECISION_KINDS } from "./decision.ts";
import type { DecisionKind } from "./decision.ts";
import { BLAST_RADII, requirementOf } from "./policy.ts";
import type { BlastRadius, IncidentType, PolicyRule, Requirement } from "./policy.ts";

/** A rule as a statement says it: without the version, which is the statement's. */
export type RuleWords = Omit<PolicyRule, "policyVersion">;

/** What a requirement asks, of which a policy may change each. */
export const ASKED = [
  "signOffs",
  "leadSignOffs",
  "minRole",
  "minProposerRole",
  "distinctFromProposer",
  "distinctFromAssignee",
  "assurance",
  "proposalMinutes",
  "signOffMinutes",
  "claimsSettled",
  "summaryComplete",
  "evidenceOpened",
] as const satisfies readonly (keyof Requirement)[];
export type Asked = (typeof ASKED)[number];

/** How strict a value is: more is stricter. What lives longer is asked less often, so it is weaker. */
export function strictness(asked: Asked, value: Requirement[Asked]): number {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number")
    return asked === "proposalMinutes" || asked === "signOffMinutes" ? -value : value;
  return value === "lead" || value === "passkey" ? 1 : 0;
}

export type Place = {
  kind: DecisionKind;
  severity: Severity;
  blastRadius: BlastRadius;
};

/** Every situation but for its types. Only a containment acts on systems. */
export const PLACES: readonly Place[] = DECISION_KINDS.flatMap((kind) =>
  SEVERITIES.flatMap((severity) =>
    BLAST_RADII.filter((radius) => kind === "containment" || radius === "none").map(
      (blastRadius) => ({ kind, severity, blastRadius }),
    ),
  ),
);

/** What rules ask in a place of an incident of these types. Null: nobody may. */
function asks(
  rules: readonly RuleWords[],
  place: Place,
  types: readonly string[],
): Requirement | null {
  const versioned = rules.map((rule) => ({ ...rule, policyVersion: 0 }));
  return requirementOf(versioned, { ...place, types });
}

/** The types that any rule names, in order. */
export function typesNamed(...policies: (readonly RuleWords[])[]): IncidentType[] {
  const named = policies.flat().flatMap(({ incidentTypes }) => incidentTypes ?? []);
  return [...new Set(named)].toSorted();
}

/**
 * Whether `after` asks for less than `before` in any situation whatever: a lower value, or somebody may who might not.
 * All places of Postgres are looked at, those that no content reaches among them.
 */
export function weakens(before: readonly RuleWords[], after: readonly RuleWords[]): boolean {
  const types = ["", ...typesNamed(before, after)];
  return DECISION_KINDS.some((kind) =>
    SEVERITIES.some((severity) =>
      BLAST_RADII.some((blastRadius) => {
        const place = { kind, severity, blastRadius };
        const of = (rules: readonly RuleWords[]) =>
          types.map((type) => asks(rules, place, type === "" ? [] : [type]));
        return weakensAt(of(before), of(after));
      }),
    ),
  );
}

function weakensAt(
  before: readonly (Requirement | null)[],
  after: readonly (Requirement | null)[],
): boolean {
  const allowed = after.filter((requirement) => requirement !== null);
  return before.some((was, index) => {
    const is = after[index] ?? null;
    if (was === null) return is !== null;
    // an incident of this type and another: by the other type somebody may, and this one no longer adds as much
    return allowed.some((other) => ASKED.some((asked) => less(asked, [is, other], was)));
  });
}

function less(asked: Asked, now: readonly (Requirement | null)[], was: Requirement): boolean {
  const most = Math.max(
    ...now.flatMap((requirement) =>
      requirement === null ? [] : [strictness(asked, requirement[asked])],
    ),
  );
  return most < strictness(asked, was[asked]);
}

export type Direction = "weaker" | "stronger" | "both";

/** One change of what is asked, and every situation in which it is this one. */
export type CellChange = {
  kind: DecisionKind;
  before: Requirement | null;
  after: Requirement | null;
  direction: Direction;
  situations: SituationGroup[];
};

/** All combinations of these. `types`: null is any; an empty list is none of those that rules name. */
export type SituationGroup = {
  severities: Severity[];
  blastRadii: BlastRadius[];
  types: string[] | null;
};

/** What changes, situation by situation with at most one type, grouped; weaker first. Empty: nothing changes. */
export function changesOf(before: readonly RuleWords[], after: readonly RuleWords[]): CellChange[] {
  const types = ["", ...typesNamed(before, after)];
  const found = new Map<string, { change: CellChange; cells: (Place & { type: string })[] }>();
  for (const place of PLACES) {
    for (const type of types) {
      const [was, is] = [before, after].map((rules) =>
        asks(rules, place, type === "" ? [] : [type]),
      ) as [Requirement | null, Requirement | null];
      const direction = directionOf(was, is);
      if (direction === null) continue;
      const key = JSON.stringify([place.kind, was, is]);
      const change = { kind: place.kind, before: was, after: is, direction, situations: [] };
      const entry = found.get(key) ?? { change, cells: [] };
      entry.cells.push({ ...place, type });
      found.set(key, entry);
    }
  }
  return [...found.values()]
    .map(({ change, cells }) => ({ ...change, situations: grouped(cells, types) }))
    .toSorted((a, b) => ORDER[a.direction] - ORDER[b.direction]);
}

const ORDER: Record<Direction, number> = { weaker: 0, both: 1, stronger: 2 };

export function directionOf(was: Requirement | null, is: Requirement | null): Direction | null {
  if (was === null || is === null) {
    if (was === is) return null;
    return was === null ? "weaker" : "stronger";
  }
  const steps = ASKED.map((asked) => strictness(asked, is[asked]) - strictness(asked, was[asked]));
  const [down, up] = [steps.some((step) => step < 0), steps.some((step) => step > 0)];
  if (down && up) return "both";
  return down ? "weaker" : up ? "stronger" : null;
}

/** Cells as boxes: same severities of several radii together, then the same of several types. */
function grouped(
  cells: readonly (Place & { type: string })[],
  types: readonly string[],
): SituationGroup[] {
  const byType = new Map<string, { boxes: SituationGroup[]; types: string[] }>();
  for (const type of types) {
    const boxes = boxesOf(cells.filter((cell) => cell.type === type));
    if (boxes.length === 0) continue;
    const key = JSON.stringify(boxes);
    const entry = byType.get(key) ?? { boxes, types: [] };
    entry.types.push(type);
    byType.set(key, entry);
  }
  return [...byType.values()].flatMap((entry) => {
    const any = entry.types.length === types.length;
    const named = entry.types.filter((type) => type !== "");
    // no type named and some named: two lines, since "none of them" and "this one" do not combine
    const variants: (string[] | null)[] = any
      ? [null]
      : [...(entry.types.includes("") ? [[]] : []), ...(named.length > 0 ? [named] : [])];
    return variants.flatMap((variant) => entry.boxes.map((box) => ({ ...box, types: variant })));
  });
}

function boxesOf(cells: readonly Place[]): SituationGroup[] {
  const bySeverities = new Map<string, SituationGroup>();
  for (const radius of BLAST_RADII) {
    const severities = cells
      .filter(({ blastRadius }) => blastRadius === radius)
      .map(({ severity }) => severity);
    if (severities.length === 0) continue;
    const key = severities.join(" ");
    const box = bySeverities.get(key) ?? { severities, blastRadii: [], types: null };
    box.blastRadii.push(radius);
    bySeverities.set(key, box);
  }
  return [...bySeverities.values()];
}

export type ValueChange = { asked: Asked; direction: "weaker" | "stronger" };

/** Which values differ, and which way. Empty when one of them is nobody. */
export function valueChanges(was: Requirement | null, is: Requirement | null): ValueChange[] {
  if (was === null || is === null) return [];
  return ASKED.flatMap((asked) => {
    const step = strictness(asked, is[asked]) - strictness(asked, was[asked]);
    if (step === 0) return [];
    return [{ asked, direction: step < 0 ? "weaker" : "stronger" } as const];
  });
}

/** What this desk might start from: the defaults of two people where it matters. */
export const POLICY_TEMPLATE: readonly RuleWords[] = [
  templateRule("closure", { severities: ["informational", "low", "medium"] }),
  templateRule("closure", { number: 2, severities: ["high", "critical"], signOffs: 2 }),
  templateRule("containment", {
    blastRadii: ["collection", "one_endpoint", "one_account"],
    minRole: "lead",
    proposalMinutes: 60,
  }),
  templateRule("containment", {
    number: 2,
    blastRadii: ["several_systems", "external_access"],
    signOffs: 2,
    leadSignOffs: 1,
    proposalMinutes: 60,
  }),
  templateRule("escalation", { assurance: "password" }),
  templateRule("reopening", { assurance: "password", proposalMinutes: 60, claimsSettled: false }),
];

function templateRule(kind: DecisionKind, asked: Partial<RuleWords>): RuleWords {
  return {
    kind,
    number: 1,
    severities: null,
    incidentTypes: null,
    blastRadii: null,
    minProposerRole: "analyst",
    signOffs: 1,
    leadSignOffs: 0,
    minRole: "analyst",
    distinctFromProposer: true,
    distinctFromAssignee: false,
    assurance: "passkey",
    proposalMinutes: 480,
    signOffMinutes: 15,
    claimsSettled: true,
    summaryComplete: false,
    evidenceOpened: false,
    ...asked,
  };
}
