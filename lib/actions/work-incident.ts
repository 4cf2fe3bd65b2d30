"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { workIncident as work } from "#lib/commands/work-incident.ts";
import { workIncidentInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

export const workIncident = defineAction({
  name: "incident_work",
  permission: "incident:work",
  input: workIncidentInput,
  run: ({ person, input, db }) => work(db, input, by(person)),
});
