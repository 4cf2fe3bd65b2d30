"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { handOverIncidents as handOver } from "#lib/commands/hand-over-incidents.ts";
import { takeOver as take } from "#lib/commands/take-over.ts";
import { watchIncident as watch } from "#lib/commands/watch-incident.ts";
import {
  handOverIncidentsInput,
  handoverDraftsInput,
  takeOverInput,
  watchIncidentInput,
} from "#lib/contracts/work-inputs.ts";
import { handoverDrafts as drafts } from "#lib/queries/handover-drafts.ts";
import { by } from "./by.ts";

/** What hand-over notes begin with, from what the rows say. */
export const handoverDrafts = defineAction({
  name: "handover_drafts",
  permission: "incident:hand_over",
  input: handoverDraftsInput,
  run: ({ input, db }) => drafts(db, input.incidentIds),
});

/** Hands incidents over, each with its note; the answer says of each whether it was, and why not. */
export const handOverIncidents = defineAction({
  name: "incidents_hand_over",
  permission: "incident:hand_over",
  input: handOverIncidentsInput,
  run: ({ person, input, db }) => handOver(db, input, by(person)),
});

export const takeOver = defineAction({
  name: "incident_take_over",
  permission: "incident:hand_over",
  input: takeOverInput,
  run: ({ person, input, db }) => take(db, input, by(person)),
});

export const watchIncident = defineAction({
  name: "incident_watch",
  permission: "incident:watch",
  input: watchIncidentInput,
  run: ({ person, input, db }) => watch(db, input, by(person)),
});
