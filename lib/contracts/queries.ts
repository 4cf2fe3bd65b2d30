/** What may stand behind the question mark of each door, with its limits. */
import { z } from "zod";
import "./no-eval.ts";
import { PICTURES } from "./picture-views.ts";
import { INCIDENT_STATUSES } from "#lib/domain/incident/incident.ts";
import { parseQueue } from "#lib/domain/incident/queue-syntax.ts";
import { SEVERITIES } from "#lib/domain/incident/severity.ts";
import { QUEUE_SORTS, QUEUE_VIEWS } from "./queue-words.ts";

export type QueueView = (typeof QUEUE_VIEWS)[number];
export type QueueSort = (typeof QUEUE_SORTS)[number];

/** A comma-separated list of words from a closed set; an unknown word is refused by name. */
function listOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z
    .string()
    .max(400)
    .transform((text) => text.split(",").filter((word) => word !== ""))
    .pipe(z.array(z.enum(words)).max(words.length));
}

const cursor = z
  .string()
  .max(500)
  .regex(/^[\w=.:~-]+$/, "is not one of our cursors");

export const noQuery = z.object({});

/** What narrows the queue, in the words of queue-syntax.ts; one that cannot be read is refused by the place of its fault. */
export const queueText = z
  .string()
  .trim()
  .superRefine((text, context) => {
    const parsed = parseQueue(text);
    if (parsed.ok) return;
    const { start, sentence } = parsed.fault;
    context.addIssue({ code: "custom", message: `At character ${start + 1}: ${sentence}` });
  });

export const queueQuery = z.object({
  view: z.enum(QUEUE_VIEWS).optional(),
  status: listOf(INCIDENT_STATUSES).optional(),
  severity: listOf(SEVERITIES).optional(),
  q: queueText.optional(),
  sort: z.enum(QUEUE_SORTS).optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});

export const queueTableQuery = queueQuery.pick({ view: true, q: true, sort: true });

/** An instant in ISO 8601 with its offset, within the years that a database and a person have in common. */
const instant = z.iso
  .datetime({ offset: true })
  .max(40)
  .refine((text) => /^(19|20|21)/.test(text), "is not in these centuries");

const threadFilter = {
  kinds: z
    .string()
    .max(200)
    .transform((text) => text.split(",").filter(Boolean))
    .optional(),
  sources: z
    .string()
    .max(1000)
    .transform((text) => text.split(",").filter(Boolean))
    .optional(),
  severity: z.enum(SEVERITIES).optional(),
  q: z.string().trim().max(200).optional(),
  where: z.string().max(16_000).optional(),
  /** `type:value` of an observable. */
  entity: z
    .string()
    .max(2_100)
    .regex(/^[a-z0-9_]+:[^\0]+$/, "is not an entity")
    .optional(),
  from: instant.optional(),
  to: instant.optional(),
  pinned: z
    .literal("1")
    .transform(() => true)
    .optional(),
};

export const threadQuery = z.object({
  ...threadFilter,
  cursor: cursor.optional(),
  before: cursor.optional(),
  around: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

export const pictureQuery = z.object({ of: z.enum(PICTURES) });
export const outlineQuery = z.object(threadFilter);

/** As many records as one asks the words of at once. */
export const THREAD_RECORDS_MAX = 300;

/** Places of records, comma-separated (E12 as 12), or the id of one. */
export const threadRecordsQuery = z.union([
  z.strictObject({
    positions: z
      .string()
      .max(3_000)
      .regex(/^[1-9]\d{0,8}(,[1-9]\d{0,8})*$/, "are not places of records")
      .transform((text) => text.split(",").map(Number))
      .refine((list) => list.length <= THREAD_RECORDS_MAX, `are more than ${THREAD_RECORDS_MAX}`),
  }),
  z.strictObject({ id: z.uuid() }),
]);

export const looseQuery = z.object({
  q: z.string().trim().max(200).optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});

export const verifierQuery = z.object({
  version: z
    .string()
    .regex(/^[1-9]\d{0,5}$/, "is not a version")
    .optional(),
  cursor: cursor.optional(),
});

/** `kind`: kinds of entries and groups of them, comma-separated. */
export const trailQuery = z.object({
  seq: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  incident: z.string().max(40).optional(),
  kind: z
    .string()
    .max(1000)
    .regex(/^[a-z_.,]*$/)
    .optional(),
  actor: z.string().max(220).optional(),
  role: z.string().max(63).optional(),
  model: z.string().max(200).optional(),
  prompt: z.string().max(120).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});

export const ingestQuery = z.object({
  incident: z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(200, "is longer than 200 characters")
    .optional(),
});

/** The last place an event of a run can have. */
export const RUN_EVENT_MAX = 2_147_483_647;

/** `after`: the place of the last event that the reader has. */
export const runEventsQuery = z.object({
  after: z.coerce.number().int().min(0).max(RUN_EVENT_MAX).default(0),
});

export const noParams = z.object({});
/** An incident by its id, its number or `INC-000123`. */
/** `csv` is for reading and cannot be verified. */
export const trailFileQuery = z.object({ format: z.enum(["jsonl", "csv"]).default("jsonl") });

export const incidentParams = z.object({
  id: z.string().regex(/^([0-9a-f-]{36}|(INC-)?\d{1,15})$/i),
});
export const decisionParams = z.object({ decisionId: z.uuid() });
export const runParams = z.object({ id: z.uuid() });
/** The place of an entry on the trail, from 0. */
export const entryParams = z.object({
  seq: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,14})$/, "is not the number of an entry")
    .transform(Number),
});
export const recordParams = z.object({ evidenceId: z.uuid() });
export const evidenceParams = incidentParams.extend({ evidenceId: z.uuid() });

/** `as=file`: the raw bytes alone, to be taken away. */
export const evidenceQuery = z.object({ as: z.literal("file").optional() });
