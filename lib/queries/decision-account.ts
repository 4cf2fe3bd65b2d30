import type { DecisionAccountView } from "#lib/contracts/account-views.ts";
import type { DecisionView } from "#lib/contracts/views.ts";
import type { ReplayView } from "#lib/contracts/replay-views.ts";
import { Prisma } from "#lib/db/generated/client.ts";
import type { Db } from "#lib/db/prisma.ts";
import {
  accountOf,
  answersOf,
  certificateState,
  unreadableAnswers,
} from "#lib/domain/decision/account.ts";
import type { AccountFacts } from "#lib/domain/decision/account.ts";
import type { Statement } from "#lib/domain/decision/statement.ts";
import { STANDING_WORDS } from "#lib/domain/summary/claim.ts";
import { findTechnique, fullTechniqueName } from "#lib/grounding/attack-table.ts";
import { findDecision } from "./list-decisions.ts";
import { replayIncident } from "./replay-incident.ts";
import { decisionEntries } from "./decision-entries.ts";
import type { DecisionEntries } from "./decision-entries.ts";

/** Statements for one account. */
export const ACCOUNT_STATEMENTS = 19;
const OBSERVABLES_SHOWN = 8;
const TECHNIQUES_SHOWN = 20;

/**
 * Why a decision came about and what became of it: from its row, its statement, and the incident replayed as it was when
 * it was proposed and as it is now. Null when there is no such decision.
 */
export async function decisionAccount(
  db: Db,
  decisionId: string,
): Promise<DecisionAccountView | null> {
  const told = await readAccount(db, decisionId);
  if (!told) return null;
  const { decision, facts } = told;
  return {
    decision,
    title: facts.statement.incident.title,
    sections: accountOf(facts),
    answers: [...answersOf(facts)],
    erased: facts.erasure === null ? [] : unreadableAnswers(facts),
    certificate: certificateState(facts),
  };
}

/** The facts that its reasons, and its certificate, are told from. */
export async function readAccount(
  db: Db,
  decisionId: string,
): Promise<{ decision: DecisionView; facts: AccountFacts } | null> {
  const decision = await findDecision(db, decisionId);
  if (!decision) return null;
  const statement = JSON.parse(decision.statement) as Statement;
  const found = await decisionEntries(db, decision);
  const incident = {
    id: decision.incidentId,
    number: decision.incidentNumber,
    title: statement.incident.title,
  };
  const [atProposal, now, seen] = await Promise.all([
    replayIncident(db, incident, { at: found.cutOff ? 0 : (found.entries[0]?.seq ?? 0) }),
    replayIncident(db, incident, null),
    readIndicators(db, decision.incidentId, statement.evidence.count),
  ]);
  const facts = factsOf(decision, statement, { atProposal, now, ...found, ...seen });
  return { decision, facts };
}

type Found = DecisionEntries & {
  atProposal: ReplayView | null;
  now: ReplayView | null;
  observables: string[];
  techniques: string[];
};

function factsOf(decision: DecisionView, statement: Statement, found: Found): AccountFacts {
  const { kind, state, content, proposer, proposedAt, settledAt, breakGlass } = decision;
  const front = (found.atProposal?.summaries ?? []).flatMap(({ origin, claims }) =>
    claims.filter((one) => one.front).map((claim) => ({ ...claim, origin })),
  );
  const given = decision.secondReview?.given ?? null;
  return {
    kind,
    state,
    content,
    statement,
    proposer,
    proposedAt,
    settledAt,
    breakGlass,
    refusals: decision.reasons.map(({ sentence }) => sentence),
    secondReview: given && { ...given, who: given.person.name },
    evidence: {
      alertCount: found.atProposal?.alertCount ?? 0,
      records: [...new Set(front.flatMap(({ labels }) => labels))].toSorted(byPosition),
      observables: found.observables,
      techniques: found.techniques.map(techniqueOf),
    },
    claims: front.map(({ text, standing, labels, reviews, origin }) => ({
      text,
      standing,
      words: `${STANDING_WORDS[standing]}, ${origin === "model" ? "a claim of the model" : "a claim of the rules"}`,
      labels,
      reviews: reviews.map(({ who, outcome }) => `${outcome} by ${who}`),
    })),
    signOffs: decision.signOffs.map(({ person, ...signOff }) => ({
      ...signOff,
      who: person.name,
      isProposer: person.id === proposer.id,
      role: person.role,
      opened: openedBy(found.now, `person:${person.id}`, signOff.at),
    })),
    responses: decision.responses.map(({ action, target, outcome, detail, work }) => ({
      action,
      target,
      outcome,
      detail,
      checked: work?.checked?.sentence ?? null,
    })),
    entries: found.entries,
    erasure: found.erasure,
    cutOff: found.cutOff,
  };
}

function openedBy(view: ReplayView | null, person: string, before: string): string[] {
  const own = view?.opened.filter(({ actor, at }) => actor === person && at <= before) ?? [];
  return own.map(({ label }) => label).toSorted(byPosition);
}

function byPosition(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}

function techniqueOf(id: string): { id: string; name: string } {
  const technique = findTechnique(id);
  return { id, name: technique ? fullTechniqueName(technique) : "" };
}

/** What the records up to a position name: the observables most often, and the techniques of the alerts. */
async function readIndicators(
  db: Db,
  incidentId: string,
  upTo: number,
): Promise<{ observables: string[]; techniques: string[] }> {
  const known = Prisma.sql`incident_id = ${incidentId}::uuid AND position <= ${upTo}::int`;
  const rows = await db.$queryRaw<{ observables: string[]; techniques: string[] }[]>`
    SELECT ARRAY(SELECT o FROM evidence_item, unnest(observables) AS o WHERE ${known}
             GROUP BY o ORDER BY count(*) DESC, o LIMIT ${OBSERVABLES_SHOWN}::int) AS observables,
           ARRAY(SELECT DISTINCT t FROM evidence_item,
             jsonb_array_elements_text(CASE jsonb_typeof(fields -> 'technique') WHEN 'array' THEN fields -> 'technique' ELSE '[]' END) AS t
             WHERE ${known} AND kind = 'alert' ORDER BY t LIMIT ${TECHNIQUES_SHOWN}::int) AS techniques`;
  return rows[0] ?? { observables: [], techniques: [] };
}
