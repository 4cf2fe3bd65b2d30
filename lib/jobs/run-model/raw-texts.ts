import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { DraftClaim } from "#lib/domain/summary/claim.ts";

export type RawTexts = {
  /** The raw text of a record that was read so far, or null. */
  get: (id: string) => string | null;
  /** Reads what the claim cites and was not read yet, so that `get` has it. */
  readFor: (claim: DraftClaim) => Promise<void>;
};

/** The raw texts of one incident's records: those shown to the model, and whatever else a claim turns out to cite. */
export function openRawTexts(
  records: readonly EvidenceRecord[],
  known: ReadonlyMap<string, string>,
  load: (ids: string[]) => Promise<ReadonlyMap<string, string>>,
): RawTexts {
  const texts = new Map(known);
  const idOf = new Map<string, string>(records.map(({ id, position }) => [`E${position}`, id]));
  const ids = new Set(records.map(({ id }) => id));
  return {
    get: (id) => texts.get(id) ?? null,
    async readFor({ citations }) {
      const cited = citations.map(({ id }) =>
        ids.has(id) ? id : idOf.get(id.trim().toUpperCase()),
      );
      const missing = [...new Set(cited.flatMap((id) => id ?? []))].filter((id) => !texts.has(id));
      if (missing.length === 0) return;
      for (const [id, text] of await load(missing)) texts.set(id, text);
    },
  };
}
