/** Views of the queue that people keep: what is sent, with its limits, and what screens are given. */
import { z } from "zod";
import "./no-eval.ts";
import { VIEW_NAME_MAX } from "#lib/domain/incident/saved-view.ts";
import { queueText } from "./queries.ts";
import { QUEUE_SORTS, QUEUE_VIEWS } from "./queue-words.ts";
import type { QueueSort, QueueView } from "./queries.ts";
import type { PersonView } from "./views.ts";

const name = z
  .string()
  .trim()
  .min(1, "Give the view a name.")
  .max(VIEW_NAME_MAX, `At most ${VIEW_NAME_MAX} characters.`)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "Remove the control characters.");

/** What stands in the queue's address, and how close its rows stand. */
const line = z.strictObject({
  view: z.enum(QUEUE_VIEWS),
  q: queueText,
  sort: z.enum(QUEUE_SORTS),
  density: z.enum(["dense", "comfortable"]),
});

export const saveViewInput = z.strictObject({ name, shared: z.boolean(), line });
export const changeViewInput = z.strictObject({
  viewId: z.uuid(),
  name: name.optional(),
  shared: z.boolean().optional(),
  line: line.optional(),
});
export const deleteViewInput = z.strictObject({ viewId: z.uuid() });
/** What the queue opens with: a built-in view, a saved one, or null for what it opens with by itself. */
export const firstViewInput = z.strictObject({
  first: z.union([
    z.strictObject({ view: z.enum(QUEUE_VIEWS) }),
    z.strictObject({ savedId: z.uuid() }),
    z.null(),
  ]),
});
export const endTourInput = z.strictObject({});

export type QueueLine = z.output<typeof line>;
export type SaveViewInput = z.output<typeof saveViewInput>;
export type ChangeViewInput = z.output<typeof changeViewInput>;
export type FirstView = z.output<typeof firstViewInput>["first"];

export type SavedView = {
  id: string;
  name: string;
  shared: boolean;
  owner: PersonView;
  view: QueueView;
  /** May be one that cannot be read any more. */
  q: string;
  sort: QueueSort;
  density: QueueLine["density"];
  changedAt: string;
};

export type SavedViews = {
  /** One's own, then those of others that are shared; by name. */
  views: SavedView[];
  first: FirstView;
  /** Whether the tour was taken or declined. */
  tourEnded: boolean;
};
