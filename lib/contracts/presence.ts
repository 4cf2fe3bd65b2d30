import { z } from "zod";
import "./no-eval.ts";
import type { PersonView } from "./views.ts";

export const presenceParams = z.object({ id: z.uuid() });
/** `leave`: the page is closed. */
export const presenceQuery = z.object({ leave: z.literal("1").optional() });

/** Who has an incident open, and since when. */
export type PresentView = PersonView & { since: string };

/** Of each incident that somebody else has open, who; those who came first, first. */
export type PresentAll = { incidentId: string; people: PersonView[] }[];
