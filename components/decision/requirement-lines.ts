import { countdownWords } from "#components/ui/time-words.ts";
import type { DecisionView, SignOffView } from "#lib/contracts/views.ts";
import type { IncidentFacts } from "#lib/domain/decision/decision.ts";
import type { Requirement } from "#lib/domain/decision/policy.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";

/** One thing that the policy asks of a decision, and whether it is so now; null where it is a term, not a task. */
export type RequirementLine = { words: string; met: boolean | null };

export type RequirementInput = {
  needs: Requirement;
  signOffs: readonly SignOffView[];
  statement: Statement;
  facts: Pick<IncidentFacts, "unsettledClaims" | "summaryComplete">;
  /** Records that the claims cite, and how many of them the reader has opened. */
  cited: number;
  opened: number;
  /** The server's time in ms. */
  now: number;
};

/** What the policy asks, line by line, with what is still missing. */
export function requirementLines(input: RequirementInput): RequirementLine[] {
  const { needs, signOffs, facts, statement, cited, opened, now } = input;
  const given = countingNow(needs, signOffs, now);
  const leads = given.filter(({ person }) => person.role === "lead").length;
  const waived = new Set(statement.claims.waived.map(({ id }) => id));
  const unsettled = facts.unsettledClaims.filter(({ id }) => !waived.has(id)).length;
  return [
    signatureLine(needs, given.length - leads, leads),
    ...(needs.leadSignOffs > 0 && needs.minRole !== "lead"
      ? [line(leads >= needs.leadSignOffs, `${leads} of ${needs.leadSignOffs} by a lead`)]
      : []),
    term(
      needs.assurance === "passkey" ? "Each with a passkey" : "Each with the password given anew",
    ),
    ...(needs.distinctFromProposer ? [term("Nobody signs what they proposed")] : []),
    ...(needs.distinctFromAssignee
      ? [term("Nor whoever the incident was assigned to when it was proposed")]
      : []),
    ...(needs.claimsSettled
      ? [
          line(
            unsettled === 0,
            unsettled === 0
              ? "Each claim that does not hold is settled or set aside by name"
              : `${counted(unsettled, "claim")} neither settled nor set aside by name`,
          ),
        ]
      : []),
    ...(needs.summaryComplete
      ? [
          line(
            facts.summaryComplete,
            facts.summaryComplete ? "The summary is whole" : "A whole summary",
          ),
        ]
      : []),
    ...(needs.evidenceOpened
      ? [
          line(
            opened >= cited,
            `Each signer has opened what the claims cite: you have opened ${opened} of ${cited}`,
          ),
        ]
      : []),
    term(`A signature counts for ${counted(needs.signOffMinutes, "minute")}`),
  ];
}

/** How a signature stands towards an open decision: the words of a screen. */
export function signOffWords(
  { needs, state }: Pick<DecisionView, "needs" | "state">,
  signOff: SignOffView,
  now: number,
): string | null {
  if (state !== "proposed" || !needs || signOff.outcome === "rejected" || signOff.void) return null;
  const left = Date.parse(signOff.at) + needs.signOffMinutes * 60_000 - now;
  return left > 0
    ? `Counts for ${countdownWords(left)} more`
    : `Counts no more: it is older than ${counted(needs.signOffMinutes, "minute")}`;
}

function signatureLine(needs: Requirement, others: number, leads: number): RequirementLine {
  const counting = leads + Math.min(others, needs.signOffs - needs.leadSignOffs);
  const who = needs.minRole === "lead" ? "a lead" : "an analyst or a lead";
  const noun = needs.signOffs === 1 ? "signature" : "signatures";
  return line(
    counting >= needs.signOffs,
    `${Math.min(counting, needs.signOffs)} of ${needs.signOffs} ${noun} by ${who}`,
  );
}

function countingNow(
  { signOffMinutes }: Requirement,
  signOffs: readonly SignOffView[],
  now: number,
): SignOffView[] {
  return signOffs.filter(
    ({ outcome, at, void: voided }) =>
      outcome === "approved" && voided === null && Date.parse(at) + signOffMinutes * 60_000 > now,
  );
}

function line(met: boolean, words: string): RequirementLine {
  return { met, words };
}

function term(words: string): RequirementLine {
  return { met: null, words };
}

function counted(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
