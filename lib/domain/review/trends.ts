/** The figures of the review room, from rows: pure, so that a fixture worked out by hand can hold them. */
import type { ReviewOutcome } from "#lib/domain/summary/claim.ts";
import { INCIDENT_MEASURES, rateOf, spreadOf, TIME_TO_SIGN } from "./measures.ts";
import type { IncidentMoments, Rate, SignOffMoments, Spread } from "./measures.ts";

/** The last word of people on a claim, and what it can be told apart by. */
export type ReviewedClaim = {
  outcome: ReviewOutcome;
  at: number;
  model: string;
  prompt: string | null;
  kind: string;
  sources: readonly string[];
  rules: readonly string[];
  types: readonly string[];
};

export type ReviewedIncident = IncidentMoments & {
  alerts: number;
  /** By people: the verdict, else the classification of the closure; null: neither. */
  judgement: string | null;
};

export type GivenSignOff = SignOffMoments & {
  outcome: "approved" | "rejected";
  openedEvidence: boolean;
  /** When the statement first stood on the signer's screen; null: not recorded. */
  openedAt: number | null;
  /** Only of who chose training mode, and only what came after. */
  person: { id: string; name: string } | null;
};

/** What one person said of one summary's claims. */
export type Sitting = {
  claims: number;
  accepted: number;
  firstAt: number;
  lastAt: number;
  person: { id: string; name: string } | null;
};

export const DIMENSIONS = {
  model: "Model or rules",
  prompt: "Prompt version",
  kind: "Kind of claim",
  source: "Source of the incident",
  rule: "Detection rule of the cited records",
  type: "Incident type",
} as const;
export type Dimension = keyof typeof DIMENSIONS;

export type GroupRates = { name: string; override: NonNullable<Rate>; accepted: number };

/** A claim counts once in each group that it is of; the largest groups first, and by name. */
export function ratesBy(claims: readonly ReviewedClaim[], by: Dimension): GroupRates[] {
  const groups = Map.groupBy(
    claims.flatMap((claim) => namesOf(claim, by).map((name) => ({ name, claim }))),
    ({ name }) => name,
  );
  return [...groups]
    .map(([name, members]) => ({
      name,
      override: overrideRate(members.map(({ claim }) => claim))!,
      accepted: members.filter(({ claim }) => claim.outcome === "accepted").length,
    }))
    .toSorted((a, b) => b.override.n - a.override.n || (a.name < b.name ? -1 : 1));
}

function namesOf(claim: ReviewedClaim, by: Dimension): readonly string[] {
  switch (by) {
    case "model":
      return [claim.model];
    case "prompt":
      return claim.prompt === null ? [] : [claim.prompt];
    case "kind":
      return [claim.kind];
    case "source":
      return claim.sources;
    case "rule":
      return claim.rules;
    case "type":
      return claim.types;
  }
}

export function overrideRate(claims: readonly ReviewedClaim[]): Rate {
  return rateOf(claims.filter(({ outcome }) => outcome !== "accepted").length, claims.length);
}

/** The override rate in so many equal stretches of the period, the oldest first. */
export function overrideCourse(
  claims: readonly ReviewedClaim[],
  { from, to, parts }: { from: number; to: number; parts: number },
): { from: number; rate: Rate }[] {
  const length = (to - from) / parts;
  return Array.from({ length: parts }, (_, part) => {
    const start = from + part * length;
    const inside = claims.filter(({ at }) => at >= start && at < start + length);
    return { from: start, rate: overrideRate(inside) };
  });
}

export function incidentSpreads(
  incidents: readonly ReviewedIncident[],
): Record<keyof typeof INCIDENT_MEASURES, Spread> {
  const of = (measure: (typeof INCIDENT_MEASURES)[keyof typeof INCIDENT_MEASURES]) =>
    spreadOf(incidents.map(measure.of).filter((ms) => ms !== null));
  const { mttd, mtta, mttr, contain } = INCIDENT_MEASURES;
  return { mttd: of(mttd), mtta: of(mtta), mttr: of(mttr), contain: of(contain) };
}

export function timeToSign(signOffs: readonly GivenSignOff[]): Spread {
  return spreadOf(signOffs.map(TIME_TO_SIGN.of).filter((ms) => ms !== null));
}

/** Over alerts of incidents that people judged, never over all; an incident's are judged together. */
export function falsePositiveRate(incidents: readonly ReviewedIncident[]): Rate {
  const judged = incidents.filter(({ judgement }) => judgement !== null);
  const alerts = (of: readonly ReviewedIncident[]) => of.reduce((sum, one) => sum + one.alerts, 0);
  return rateOf(
    alerts(judged.filter(({ judgement }) => judgement === "false_positive")),
    alerts(judged),
    judged.length,
  );
}

/** Claims accepted so close together that nobody can have read each. */
export const GESTURE_MS = 10_000;
/** Below that a quick acceptance says nothing. */
export const GESTURE_CLAIMS = 3;

export type Reliance = {
  /** Approvals whose signer had opened no record of the incident before. */
  unopened: Rate;
  /** From the statement's first standing on the signer's screen to the approval. */
  onStatement: Spread;
  /** Approvals without such a time: those from before it was recorded. */
  unrecorded: number;
  /** Of the summaries on whose claims one person said three things or more: all accepted within ten seconds. */
  oneGesture: Rate;
};

export function relianceOf(
  signOffs: readonly GivenSignOff[],
  sittings: readonly Sitting[],
): Reliance {
  const approvals = signOffs.filter(({ outcome }) => outcome === "approved");
  const timed = approvals.flatMap(({ openedAt, signedAt }) =>
    openedAt === null ? [] : [signedAt - openedAt],
  );
  const long = sittings.filter(({ claims }) => claims >= GESTURE_CLAIMS);
  const hasty = long.filter(
    ({ claims, accepted, firstAt, lastAt }) =>
      accepted === claims && lastAt - firstAt <= GESTURE_MS,
  );
  return {
    unopened: rateOf(
      approvals.filter(({ openedEvidence }) => !openedEvidence).length,
      approvals.length,
    ),
    onStatement: spreadOf(timed),
    unrecorded: approvals.length - timed.length,
    oneGesture: rateOf(hasty.length, long.length),
  };
}

export type PersonReliance = Reliance & { id: string; name: string };

/** Of each person whose rows carry a name, by name; the query gives none of anybody else. */
export function relianceByPerson(
  signOffs: readonly GivenSignOff[],
  sittings: readonly Sitting[],
): PersonReliance[] {
  const named = [...signOffs, ...sittings].flatMap(({ person }) => (person ? [person] : []));
  const people = new Map(named.map((person) => [person.id, person]));
  return [...people.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((person) => ({
      ...person,
      ...relianceOf(
        signOffs.filter((one) => one.person?.id === person.id),
        sittings.filter((one) => one.person?.id === person.id),
      ),
    }));
}
