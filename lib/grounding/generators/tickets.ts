import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import { fieldIs, type RuleClaim } from "./draft.ts";
import { type Facts, rankOf, textOf } from "./facts.ts";
import { alertTitle } from "./alerts.ts";
import { cite } from "./overview.ts";
import { quoted, timeValue, timeWords } from "./words.ts";

const MAX_TICKETS = 20;

/** 18: the source's own incident or ticket: number, title, status, owner, time. */
export function writeTickets(facts: Facts): RuleClaim[] {
  return facts.incidents.slice(0, MAX_TICKETS).flatMap((record) => ticketClaim(facts, record));
}

function ticketClaim(facts: Facts, record: EvidenceRecord): RuleClaim[] {
  const id = textOf(record, "ticket.id");
  const status = textOf(record, "ticket.status");
  const owner = textOf(record, "ticket.owner");
  const title = alertTitle(record);
  const when = record.time ? `, at ${timeWords(record.time)}` : "";
  if (!id && !title) return [];
  return [
    {
      family: "ticket",
      section: "extent",
      kind: "identity",
      polarity: "affirmed",
      front: false,
      text:
        `Source incident${id ? ` ${quoted(id)}` : ""}${title ? ` with the ${title.noun} ${quoted(title.text)}` : ""}` +
        `${status ? ` has the status ${status}` : ""}${owner ? `, owner ${owner}` : ""}${when}.`,
      predicates: [
        ...(id ? [fieldIs([record], "ticket.id", id)] : []),
        ...(title ? [fieldIs([record], title.field, title.text)] : []),
        ...(status ? [fieldIs([record], "ticket.status", status)] : []),
        ...(owner ? [fieldIs([record], "ticket.owner", owner)] : []),
        ...(record.time ? [fieldIs([record], "time", timeValue(record.time))] : []),
      ],
      citations: cite([record], ["ticket.id", "alert.title", "ticket.status"]),
      rank: rankOf(facts, 4, [record]),
    },
  ];
}
