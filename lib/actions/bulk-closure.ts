"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { proposeBulkClosure as propose } from "#lib/commands/propose-bulk-closure.ts";
import {
  matchingIncidentsInput,
  previewBulkInput,
  proposeBulkInput,
} from "#lib/contracts/bulk-inputs.ts";
import { notFound } from "#lib/domain/problem.ts";
import {
  matchingIncidents as matching,
  previewBulk as preview,
} from "#lib/queries/bulk-closure.ts";
import { by } from "./by.ts";

/** Which incidents a view of the queue holds, to choose them all. */
export const matchingIncidents = defineAction({
  name: "incidents_matching",
  permission: "decision:propose",
  input: matchingIncidentsInput,
  run: ({ person, input, db }) => matching(db, { ...input, personId: person.id }),
});

/** What closing these together would bring; nothing is stored. */
export const previewBulkClosure = defineAction({
  name: "bulk_closure_preview",
  permission: "decision:propose",
  input: previewBulkInput,
  run: async ({ person, input, db }) => {
    const { id, name, role } = person;
    const answer = await preview(db, input.incidentIds, { id, name, role, active: true });
    if (answer.members.length < input.incidentIds.length) throw notFound("incident");
    return answer;
  },
});

export const proposeBulkClosure = defineAction({
  name: "bulk_closure_propose",
  permission: "decision:propose",
  input: proposeBulkInput,
  run: ({ person, input, db }) => propose(db, input, by(person)),
});
