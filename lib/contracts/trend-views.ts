/** What the trends of the review room are shown from. */
import type { Rate, Spread } from "#lib/domain/review/measures.ts";
import type { Dimension, GroupRates, PersonReliance, Reliance } from "#lib/domain/review/trends.ts";

export type TrendsView = {
  days: number;
  /** More happened than is counted. */
  isCut: boolean;
  override: Rate;
  acceptance: Rate;
  falsePositive: Rate;
  course: { from: number; rate: Rate }[];
  groups: Record<Dimension, { rows: GroupRates[]; more: number }>;
  /** How many incidents were opened. */
  incidents: number;
  speed: { mttd: Spread; mtta: Spread; mttr: Spread; contain: Spread; sign: Spread };
  reliance: Reliance;
  /** Of those alone who chose training mode. */
  people: PersonReliance[];
};
