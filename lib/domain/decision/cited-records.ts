/** One record that the claims a signer is shown cite, at the first place that cites it. */
export type CitedRecord = {
  evidenceId: string;
  label: string; // E12
  claimId: string;
  /** The cited words in the record's raw text, in UTF-16 units; null where no place was found. */
  span: { start: number; end: number } | null;
};

type Claim = {
  id: string;
  front: boolean;
  citations: readonly {
    evidenceId: string | null;
    label: string;
    start: number | null;
    end: number | null;
  }[];
};

/**
 * What a signer is asked to open, each record once and in the order of the claims: what the front claims cite. Given
 * the newest summary of each origin it is the set that the database asks for (`gate.cited_evidence`).
 */
export function citedRecords(claims: readonly Claim[]): CitedRecord[] {
  const found = new Map<string, CitedRecord>();
  for (const { id: claimId, front, citations } of claims) {
    if (!front) continue;
    for (const { evidenceId, label, start, end } of citations) {
      if (evidenceId === null || found.has(evidenceId)) continue;
      const span = start === null || end === null ? null : { start, end };
      found.set(evidenceId, { evidenceId, label, claimId, span });
    }
  }
  return [...found.values()];
}
