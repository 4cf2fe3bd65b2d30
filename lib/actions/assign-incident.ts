"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { assignIncident } from "#lib/commands/assign-incident.ts";
import { assignIncidentInput } from "#lib/contracts/inputs.ts";
import { by } from "./by.ts";

/** Takes an incident, hands it over or gives it back; refused when it changed hands meanwhile. */
export const assignIncidentAction = defineAction({
  name: "incident_assign",
  permission: "incident:assign",
  input: assignIncidentInput,
  run: ({ person, input, db }) => assignIncident(db, input, by(person)),
});
