/** What came of one act over several incidents: plain data. */

/** Each incident stands for itself: those in `refused` are as they were. */
export type TogetherOutcome = {
  /** Ids of those that are different now. */
  changed: string[];
  /** Ids of those that were so already. */
  unchanged: string[];
  refused: { incidentId: string; number: string; code: string; message: string }[];
};
