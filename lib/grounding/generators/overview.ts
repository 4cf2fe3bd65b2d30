import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { whereAll, whereTerm } from "../query.ts";
import {
  type CitationRequest,
  countIs,
  distinctIs,
  fieldIs,
  firstSeen,
  lastSeen,
  type RuleClaim,
} from "./draft.ts";
import { alertTitle } from "./alerts.ts";
import { type Facts, groupByFields, has, rankOf, span, textOf } from "./facts.ts";
import { amount, periodWords, quoted, timeValue, timeWords } from "./words.ts";

const MAX_ACTIONS = 4;
const NOT_FRONT = { front: false, polarity: "affirmed" } as const;

/** 1: what is here, from how many sources, from when to when. */
export function writeScope(facts: Facts): RuleClaim[] {
  const kinds = [
    ["event", facts.events],
    ["alert", facts.alerts],
    ["incident", facts.incidents],
  ] as const;
  const present = kinds.filter(([, records]) => records.length > 0);
  if (facts.capped) return [cappedScope(facts, present)];
  const names = new Set(facts.records.map((r) => r.sourceName.toLowerCase()));
  const counts = present.map(([kind, records]) =>
    amount(records.length, kind === "incident" ? "source incident" : kind),
  );
  const range = span(facts.records);
  const period = range ? periodWords(range.first.time ?? "", range.last.time ?? "") : "";
  return [
    {
      ...NOT_FRONT,
      family: "scope",
      section: "extent",
      kind: "count",
      text: `${listWords(counts)} from ${amount(names.size, "source")}${period}.`,
      predicates: [
        ...present.map(([kind, records]) => countIs(whereTerm("kind", kind), records.length)),
        distinctIs("source", "", names.size),
        ...(range
          ? [
              firstSeen("", timeValue(range.first.time ?? "")),
              lastSeen("", timeValue(range.last.time ?? "")),
            ]
          : []),
      ],
      citations: cite(
        [...(range ? [range.first, range.last] : []), ...present.flatMap(([, of]) => of[0] ?? [])],
        ["time"],
      ),
      rank: 1000,
    },
  ];
}

/** What was read is a lower bound of what there is. */
function cappedScope(facts: Facts, present: (readonly [string, EvidenceRecord[]])[]): RuleClaim {
  const counts = present.map(
    ([kind, records]) =>
      `at least ${amount(records.length, kind === "incident" ? "source incident" : kind)}`,
  );
  return {
    ...NOT_FRONT,
    family: "scope",
    section: "extent",
    kind: "count",
    text: `A${listWords(counts).slice(1)}.`,
    predicates: present.map(([kind, records]) =>
      countIs(whereTerm("kind", kind), records.length, "gte"),
    ),
    citations: cite(
      present.flatMap(([, of]) => of[0] ?? []),
      ["time"],
    ),
    rank: 1000,
  };
}

/** 1: which kinds of event there are most of, in the sources' own verbs. */
export function writeActions(facts: Facts): RuleClaim[] {
  const groups = [...groupByFields(facts.events, ["action"]).values()];
  return groups
    .toSorted((a, b) => b.records.length - a.records.length)
    .slice(0, MAX_ACTIONS)
    .flatMap(({ values: [action], records: events }) => {
      if (!action) return [];
      const where = whereAll(whereTerm("kind", "event"), has("action", action));
      return [
        {
          ...NOT_FRONT,
          family: "scope" as const,
          section: "extent" as const,
          kind: "count" as const,
          text: `${amount(events.length, "event")} with the action ${quoted(action)}.`,
          predicates: [countIs(where, events.length)],
          citations: cite(events.slice(0, 1), ["action", "event.code"]),
          rank: rankOf(facts, 1, events),
        },
      ];
    });
}

/** 2: how many alerts have each severity. */
export function writeSeverities(facts: Facts): RuleClaim[] {
  const claims: RuleClaim[] = [];
  for (const severity of SEVERITIES.toReversed()) {
    const alerts = facts.alerts.filter((a) => a.severity === severity);
    if (alerts.length === 0) continue;
    const where = whereAll(whereTerm("kind", "alert"), whereTerm("severity", severity));
    claims.push({
      ...NOT_FRONT,
      family: "severity",
      section: "extent",
      kind: "count",
      text: facts.capped
        ? `The severity is ${severity} in at least ${amount(alerts.length, "alert")}.`
        : `The severity is ${severity} in ${alerts.length} of ${amount(facts.alerts.length, "alert")}.`,
      predicates: facts.capped
        ? [countIs(where, alerts.length, "gte")]
        : [countIs(where, alerts.length), countIs(whereTerm("kind", "alert"), facts.alerts.length)],
      citations: cite(alerts.slice(0, 3), ["severity.original", "severity"]),
      rank: rankOf(facts, 3, alerts),
    });
  }
  return claims;
}

/** 3: the alert with the earliest time. */
export function writeFirstAlert(facts: Facts): RuleClaim[] {
  const first = facts.timed.find((r) => r.kind === "alert");
  const title = first && alertTitle(first);
  if (!first?.time || !title) return [];
  const host = textOf(first, "host");
  return [
    {
      ...NOT_FRONT,
      family: "first_alert",
      section: "when",
      kind: "sequence",
      text:
        `The first alert in this data is ${quoted(title.text)} at ${timeWords(first.time)}` +
        `${host ? ` on ${host}` : ""}.`,
      predicates: [
        firstSeen(whereTerm("kind", "alert"), timeValue(first.time)),
        fieldIs([first], "time", timeValue(first.time)),
        fieldIs([first], title.field, title.text),
        ...(host ? [fieldIs([first], "host", host)] : []),
      ],
      citations: cite([first], [title.field, "time", "host"]),
      rank: rankOf(facts, 6, [first]),
    },
  ];
}

/** 17: how many records say blocked, allowed, success or failure. */
export function writeOutcomes(facts: Facts): RuleClaim[] {
  const known = groupByFields(facts.records, ["outcome"]);
  const present = ["blocked", "allowed", "detected"].flatMap((outcome) => {
    const group = [...known.values()].find(({ values }) => values[0] === outcome);
    return group ? [{ outcome, records: group.records }] : [];
  });
  const decided = present.filter((p) => p.outcome !== "detected");
  if (decided.length === 0) return [];
  return [
    {
      ...NOT_FRONT,
      family: "outcome",
      section: "extent",
      kind: "count",
      text: `${listWords(present.map((p) => `${amount(p.records.length, "record")} with the outcome ${p.outcome}`))}.`,
      predicates: present.map((p) => countIs(whereTerm("outcome", p.outcome), p.records.length)),
      citations: present.flatMap((p) =>
        cite(p.records.slice(0, 1), [
          "alert.status",
          "action",
          "event.code",
          "rule.name",
          "alert.title",
        ]),
      ),
      rank: rankOf(facts, 3, decided[0]?.records ?? []),
    },
  ];
}

/** One request per record; `value` is what to quote of the first field when records list several. */
export function cite(
  records: EvidenceRecord[],
  fields: CitationRequest["fields"],
  value?: string,
): CitationRequest[] {
  return [...new Set(records)].map((record) => ({ record, fields, value }));
}

function listWords(parts: string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
