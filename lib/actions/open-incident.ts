"use server";

import { defineAction } from "#lib/boundary/define-action.ts";
import { openIncident } from "#lib/commands/open-incident.ts";
import { openIncidentInput } from "#lib/contracts/hand-inputs.ts";
import { by } from "./by.ts";

/** Opens an incident by hand; the same form twice opens one. */
export const openIncidentAction = defineAction({
  name: "incident_open",
  permission: "incident:open",
  input: openIncidentInput,
  run: ({ person, input, db }) => openIncident(db, input, by(person)),
});
