/** The sign-off inbox: what people send about it, and what its screens are given. */
import { z } from "zod";
import "./no-eval.ts";
import type { DecisionContent, DecisionKind } from "#lib/domain/decision/decision.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { PersonView } from "./views.ts";

/** Who is looking at a decision, and until when that is believed; ISO 8601 UTC. */
export type TakeView = { person: PersonView; until: string };

/** A decision that waits for the reader's signature. Times ISO 8601 UTC. */
export type InboxRow = {
  id: string;
  kind: DecisionKind;
  content: DecisionContent;
  incident: { id: string; number: string; title: string; severity: Severity };
  proposer: PersonView;
  proposedAt: string;
  expiresAt: string;
  /** Signatures that stand there, of those that are needed; not all need count. */
  signOffs: { given: number; needed: number };
  take: TakeView | null;
};
export type InboxPage = { decisions: InboxRow[]; nextCursor: string | null };

export const inboxQuery = z.object({ cursor: z.string().max(500).optional().catch(undefined) });

export const takeDecisionInput = z.strictObject({ decisionId: z.uuid() });
export const takeNextInput = z.strictObject({});
