/** What a screen is given of the work on an incident: plain data, all times ISO 8601 UTC. */
import type { TaskState } from "#lib/domain/incident/task.ts";
import type { PersonView } from "./views.ts";

export type TaskView = {
  id: string;
  title: string;
  details: string;
  /** What of the incident it answers, an ATT&CK tactic: `initial-access`. */
  tactic: string | null;
  /** Whose step it is; null: added by hand. */
  playbook: { name: string; version: number } | null;
  addedBy: PersonView;
  addedAt: string;
  state: TaskState;
  assignee: PersonView | null;
  /** Who said so last, and when; null: it stands as it was added. */
  changed: { by: PersonView; at: string } | null;
};

export type PlaybookView = {
  name: string;
  version: number;
  incidentTypes: string[];
  /** Titles, in order. */
  steps: string[];
  /** Its tasks are in the incident already. */
  started: boolean;
};

export type HandoverView = {
  id: string;
  noteId: string;
  by: PersonView;
  /** Null: to nobody, it waits for whoever takes the incident. */
  to: PersonView | null;
  at: string;
  text: string;
};

export type IncidentWorkView = {
  tasks: TaskView[];
  /** The newest version of each, what fits this incident best first. */
  playbooks: PlaybookView[];
  /** The last hand-over, as long as nobody has said that they have taken over. */
  handover: HandoverView | null;
  /** Whether this reader watches it. */
  watching: boolean;
};

/** What a hand-over note begins with. */
export type HandoverDraft = {
  incidentId: string;
  number: string;
  title: string;
  assignee: { id: string; name: string } | null;
  text: string;
};
