/** What the pictures of an incident are drawn from; each is bounded and says when there is more. */
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { EntityType } from "#lib/domain/pictures/relations.ts";

export const PICTURES = ["graph", "processes", "attack"] as const;
export type PictureKind = (typeof PICTURES)[number];

/** `key` is `type:value`. */
export type GraphNodeView = { key: string; type: EntityType; value: string };

/** What records say of two entities. */
export type GraphEdgeView = {
  from: string;
  to: string;
  verb: string;
  /** Records that say so. */
  records: number;
  firstAt: string | null;
  lastAt: string | null;
  /** Positions of those records that a claim cites, the first 50. */
  cited: number[];
  /** The thread's query for exactly these records; null where no query tells this entity from another. */
  where: string | null;
};

export type GraphView = {
  nodes: GraphNodeView[];
  edges: GraphEdgeView[];
  /** There are more edges, or more records, than were read. */
  capped: boolean;
};

/** A process as the record of its start tells of it. */
export type ProcessView = {
  id: string; // of the record
  position: number;
  time: string | null;
  host: string | null;
  user: string | null;
  name: string;
  commandLine: string | null;
  guid: string | null;
  pid: string | null;
  parentName: string | null;
  parentGuid: string | null;
  parentPid: string | null;
};

export type ProcessesView = { starts: ProcessView[]; capped: boolean };

/** A technique or tactic as a source tagged a record with it. Names are ATT&CK's; unknown ids keep their own words. */
export type TaggedRecordView = {
  id: string;
  position: number;
  time: string | null;
  severity: Severity | null;
  title: string;
  source: string;
  techniques: { id: string; name: string; tactics: string[] }[];
  /** Short names of tactics: of its techniques, and those the source named alone. */
  tactics: string[];
};

export type AttackView = {
  /** Short name and name, in the order of the matrix. */
  tactics: { id: string; name: string }[];
  records: TaggedRecordView[];
  /** Names and tactics of the techniques that `ids` of claims name. */
  named: { id: string; name: string; tactics: string[]; claimIds: string[] }[];
  capped: boolean;
};
