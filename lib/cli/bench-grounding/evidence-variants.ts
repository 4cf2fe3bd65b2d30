/** The evidence a mutant may be judged on beside the incident's own. */
import type { EvidenceRecord } from "#lib/domain/evidence/record.ts";
import type { Evidence } from "#lib/grounding/verify-claim.ts";
import type { BenchIncident, Variant } from "./bench-claim.ts";
import { randomFrom } from "./random.ts";

/** Text put into a field of one record that an attacker can write. */
export type Injection = { record: EvidenceRecord; field: string; text: string };

export type Variants = {
  late: EvidenceRecord[];
  injections: Injection[];
  evidence: Record<Variant, Evidence>;
};

const LATE = 20;
const INJECTED = 6;
const FIELDS = ["process.command_line", "user_agent", "email.subject", "url.full"] as const;

/**
 * `late`: the first records of another incident, received later. `capped`: the same records, of
 * more than were read. `injected`: payloads stand in attacker-writable fields of some records, and
 * in their raw text.
 */
export function variantsOf(
  incident: BenchIncident,
  donor: BenchIncident | undefined,
  payloads: string[],
): Variants {
  const { records, raws } = incident;
  const rawText = (id: string) => raws.get(id) ?? null;
  const late = [
    ...records,
    ...(donor?.records.slice(0, LATE) ?? []).map((record, at) => ({
      ...record,
      id: `${incident.id}#late${at + 1}`,
      position: records.length + at + 1,
      sourceId: `late ${record.sourceId}`,
    })),
  ];
  const random = randomFrom(`injected:${incident.id}`);
  const injections = random.sample(records, INJECTED).flatMap((record): Injection[] => {
    const text = random.pick(payloads);
    const field = FIELDS.find((f) => record.fields[f] !== undefined) ?? "message";
    return text === undefined
      ? []
      : [{ record: { ...record, fields: { ...record.fields, [field]: text } }, field, text }];
  });
  const byId = new Map(injections.map((injection) => [injection.record.id, injection]));
  const injectedRaw = (id: string) => {
    const raw = rawText(id);
    const injection = byId.get(id);
    return raw === null || !injection
      ? raw
      : `${raw} ${JSON.stringify({ [injection.field]: injection.text })}`;
  };
  return {
    late,
    injections,
    evidence: {
      "as-is": { records, rawText, capped: false },
      late: { records: late, rawText, capped: false },
      capped: { records, rawText, capped: true },
      injected: {
        records: records.map((record) => byId.get(record.id)?.record ?? record),
        rawText: injectedRaw,
        capped: false,
      },
    },
  };
}
