/** The shapes that screens and doors are given about responders. */
import type { ResponseActionKind } from "#lib/domain/decision/decision.ts";
import type { ResponderKind } from "#lib/domain/decision/responder.ts";
import type { ResponderSetup } from "./responder-inputs.ts";

export type ResponderTestView = {
  id: string;
  action: ResponseActionKind;
  target: string;
  at: string;
  /** Null: the worker has not got to it yet. */
  ok: boolean | null;
  sentences: string[];
};

export type ResponderView = {
  id: string;
  name: string;
  version: number;
  kind: ResponderKind;
  settings: ResponderSetup["settings"];
  actions: ResponseActionKind[];
  /** The last characters of its credentials and of its token. */
  credentialsHint: string | null;
  tokenHint: string | null;
  at: string;
  by: string | null;
  retired: { at: string; by: string | null } | null;
  /** Of a block list: when a firewall last came for one. */
  fetchedAt: string | null;
  lastTest: ResponderTestView | null;
};

export const RETIRED_SHOWN = 20;

/** `retired`: the newest of them, at most `RETIRED_SHOWN`; all are on the trail. */
export type RespondersView = { inForce: ResponderView[]; retired: ResponderView[] };

export type ResponseAttemptView = {
  number: number;
  startedAt: string;
  endedAt: string | null;
  outcome: "dispatched" | "failed" | "unknown" | null;
  httpStatus: number | null;
  /** A system's words, and so anybody's. */
  answer: string | null;
  mayHaveActed: boolean;
};

/** What a responder did about a run. */
export type ResponseWorkView = {
  step: "dispatch" | "verify" | "done";
  responder: { name: string; kind: ResponderKind } | null;
  foreseen: string | null;
  /** The system took it on: it can be asked about, and perhaps be taken back. */
  wasSent: boolean;
  checked: { at: string; sentence: string; times: number } | null;
  /** When the worker goes on; null when it is done. */
  nextAt: string | null;
  attempts: ResponseAttemptView[];
  undoOf: string | null;
};

/** What a webhook's receiver reads of a run. */
export type ToldResponse = {
  run: string;
  decision: string;
  incident: string;
  action: string;
  target: string;
  outcome: string;
  /** The run that it takes back. */
  undoOf: string | null;
  requestedAt: string;
};
