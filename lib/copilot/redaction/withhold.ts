import { mayReceive, type ModelProfile, type Tlp } from "#lib/domain/copilot/profile.ts";
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";

export type Receiver = { profile: ModelProfile; isLocal: boolean };

/**
 * The records that may be sent to this model, and how many may not: a source's sensitivity is above what the profile
 * accepts, or it is TLP:RED and the model is not on one's own premises. A source of unknown sensitivity counts as red.
 */
export function withhold(
  records: readonly EvidenceRecord[],
  { profile, isLocal }: Receiver,
  sensitivityBySource: ReadonlyMap<string, Tlp>,
): { records: EvidenceRecord[]; withheld: number } {
  const kept = records.filter(({ sourceId }) => {
    const sensitivity = sensitivityBySource.get(sourceId) ?? "red";
    return mayReceive(profile, sensitivity) && (isLocal || sensitivity !== "red");
  });
  return { records: kept, withheld: records.length - kept.length };
}
