/** Closing several incidents by one statement: what would stand in the way, pure. Postgres asks again for each of them. */
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { DecisionContent, IncidentFacts, Signer } from "./decision.ts";
import { rule } from "./gate.ts";
import type { Reason, RulingCode } from "./gate.ts";
import type { Requirement } from "./policy.ts";

/** Most incidents that one statement closes. */
export const BULK_INCIDENTS_MAX = 500;
const NUMBERS_NAMED = 5;

export type BulkInput = {
  content: DecisionContent & { kind: "closure" };
  members: readonly IncidentFacts[];
  /** How many people the incidents are assigned to. */
  assignees: number;
  /** What the policy asks of all of them together; null means nobody may. */
  policy: Requirement | null;
  /** Ids of those that nobody may close alone: nobody may close them together with others either. */
  notAlone: ReadonlySet<string>;
  proposer: Signer;
  /** Ids of the unsettled claims of any of them that the proposer sets aside by name. */
  waived: readonly string[];
};

/** Every reason why these may not be closed together; each names the incidents it is about, unless it is about all. */
export function ruleBulk(input: BulkInput): Reason[] {
  const found = new Map<string, { reason: Reason; numbers: number[] }>();
  for (const facts of input.members) {
    for (const reason of ruleMember(input, facts)) {
      const key = `${reason.code} ${reason.sentence}`;
      const known = found.get(key) ?? { reason, numbers: [] };
      known.numbers.push(facts.number);
      found.set(key, known);
    }
  }
  const reasons = [...found.values()].map(({ reason, numbers }) =>
    numbers.length === input.members.length && numbers.length > 1
      ? reason
      : { code: reason.code, sentence: `${named(numbers)}: ${reason.sentence}` },
  );
  const known = new Set(input.members.flatMap((each) => each.unsettledClaims.map(({ id }) => id)));
  if (input.waived.some((id) => !known.has(id))) {
    reasons.push({
      code: "waiver_unknown",
      sentence: "A claim you waived needs no waiver any more; look at the claims again.",
    });
  }
  if (input.policy?.distinctFromAssignee && input.assignees > 1) {
    reasons.push({
      code: "assignees_several",
      sentence:
        "The policy keeps an incident's assignee from signing, and these are assigned to several people; close those of one at a time.",
    });
  }
  return reasons;
}

/** Why this one may not be among them. */
export function ruleMember(
  { content, policy, notAlone, proposer, waived }: Omit<BulkInput, "members" | "assignees">,
  facts: IncidentFacts,
): Reason<RulingCode>[] {
  const own = new Set(facts.unsettledClaims.map(({ id }) => id));
  const ruling = rule({
    content,
    facts,
    policy: notAlone.has(facts.id) ? null : policy,
    proposer,
    waived: waived.filter((id) => own.has(id)),
  });
  return ruling.permitted ? [] : ruling.reasons;
}

function named(numbers: readonly number[]): string {
  const words = numbers.slice(0, NUMBERS_NAMED).map(incidentNumber).join(", ");
  const more = numbers.length - NUMBERS_NAMED;
  return more > 0 ? `${words} and ${more} more` : words;
}
