/** What the trail's screens are given: plain data, all times ISO 8601 UTC. */
import type { About } from "#lib/domain/trail/about.ts";
import type { Role } from "#lib/domain/people/permissions.ts";

export type TrailEntryView = {
  seq: number;
  at: string;
  kind: string;
  actor: string;
  actorName: string;
  /** The database login that wrote it. */
  role: string;
  incident: string | null;
  sentence: string;
  payload: unknown; // null: erased, or it cannot be opened
  erasedBy: number | null; // the entry that erased the payload
  /** The exact canonical line, and the leaf hash over it in hex. */
  line: string;
  leaf: string;
  /** The first checkpoint that covers it; null while none does. */
  sealed: { size: number; at: string } | null;
};

/** An entry as the list shows it: what is opened is asked for by its number. */
export type TrailRowView = Pick<
  TrailEntryView,
  "seq" | "at" | "kind" | "actor" | "actorName" | "role" | "incident" | "sentence" | "erasedBy"
> & { about: About | null };

export type TrailRowsPage = Omit<TrailPage, "entries"> & { entries: TrailRowView[] };

/** `count`: with the first page, how many fit, counted no further than 1,001; else null. */
export type TrailPage = {
  entries: TrailEntryView[];
  nextCursor: string | null;
  count: number | null;
};

/** What a trail can be searched by, as it is now. */
export type TrailChoices = {
  people: { id: string; name: string; role: Role }[];
  models: string[];
  prompts: string[]; // name/version, newest first
};
