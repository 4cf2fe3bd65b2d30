import type { ErasureState, LegalBasis } from "#lib/domain/incident/erasure.ts";
import type { PersonView } from "./views.ts";

type OfIncident = { id: string; number: string };

export type HoldView = {
  id: string;
  at: string;
  incident: OfIncident | null; // null: on everything
  reason: string;
  by: PersonView;
  lifted: { at: string; by: PersonView; reason: string } | null;
};

/** That a hold stands; why, and by whom, is for those who may see holds. */
export type StandingHold = Pick<HoldView, "id" | "at" | "incident">;

export type ErasureView = {
  id: string;
  at: string;
  incident: OfIncident;
  legalBasis: LegalBasis;
  reason: string;
  by: PersonView;
  state: ErasureState;
  end: { at: string; by: PersonView; reason: string | null } | null;
  entry: number | null; // the entry of the trail that erased
};

export type RetentionPage = {
  holds: HoldView[];
  nextHold: string | null;
  erasures: ErasureView[];
  nextErasure: string | null;
};
