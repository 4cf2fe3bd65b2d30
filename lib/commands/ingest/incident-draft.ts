import { SEVERITY_RANK, worstSeverity } from "#lib/domain/incident/severity.ts";
import type { Severity } from "#lib/domain/incident/severity.ts";
import type { RecordKind } from "#lib/domain/evidence/record.ts";
import type { CorrelationGroup } from "#lib/domain/alert/correlate.ts";
import { evidenceLeaf } from "#lib/trail/evidence-root.ts";
import { CompactRange, sha256 } from "#lib/trail/tree.ts";

/** A stored incident as it was locked. Times are ms since 1970. */
export type LockedIncident = {
  id: string;
  number: number;
  title: string;
  severity: Severity;
  closed: boolean;
  sourceId: string | null;
  sourceKey: string | null;
  sourceNames: string[];
  evidenceCount: number;
  alertCount: number;
  eventCount: number;
  evidencePeaks: Uint8Array;
  firstEvidenceAt: number | null;
  lastEvidenceAt: number | null;
};

/** One record that becomes evidence of an incident. */
export type NewItem = {
  id: string;
  kind: RecordKind;
  at: number | null;
  severity: Severity | null;
  title: string;
  host: string | null;
  sha256: Uint8Array;
  sourceNames: string[];
};

/** An incident with what a batch adds to it, ready to be written. */
export type IncidentDraft = {
  id: string;
  /** Null until it is stored. */
  number: number | null;
  isNew: boolean;
  title: string;
  severity: Severity;
  severityRank: number;
  sourceId: string | null;
  sourceKey: string | null;
  sourceNames: string[];
  evidenceCount: number;
  alertCount: number;
  eventCount: number;
  evidenceRoot: Buffer;
  evidencePeaks: Buffer;
  firstEvidenceAt: number | null;
  lastEvidenceAt: number | null;
  /** The position of the first item this batch adds. */
  from: number;
  added: number;
  group: CorrelationGroup;
};

/** Telemetry has no severity; a case handed over without an alert starts in the middle. */
const SEVERITY_WITHOUT_ALERT: Severity = "medium";

export function draftIncident(given: {
  id: string;
  stored: LockedIncident | null;
  /** The stored incidents that are merged into it. */
  merged: readonly LockedIncident[];
  group: CorrelationGroup;
  items: readonly NewItem[];
  source: { id: string; name: string };
}): IncidentDraft {
  const { id, stored, merged, group, items, source } = given;
  const from = (stored?.evidenceCount ?? 0) + 1;
  const range = CompactRange.fromBytes(from - 1, stored?.evidencePeaks ?? new Uint8Array());
  for (const [n, item] of items.entries()) range.append(evidenceLeaf(item, from + n));
  const severity = severityOf(stored, items);
  const times = items.flatMap(({ at }) => at ?? []);
  const owner = ownerOf(stored, merged, { id: source.id, key: group.sourceKey });
  return {
    id,
    number: stored?.number ?? null,
    isNew: stored === null,
    title: titleOf(stored, items, { key: owner.key, source: source.name }),
    severity,
    severityRank: SEVERITY_RANK[severity],
    sourceId: owner.id,
    sourceKey: owner.key,
    sourceNames: [
      ...new Set([...(stored?.sourceNames ?? []), ...items.flatMap((item) => item.sourceNames)]),
    ].toSorted(),
    evidenceCount: range.size,
    alertCount: (stored?.alertCount ?? 0) + countOf(items, "alert"),
    eventCount: (stored?.eventCount ?? 0) + countOf(items, "event"),
    evidenceRoot: range.root(),
    evidencePeaks: range.toBytes(),
    firstEvidenceAt: extreme(Math.min, stored?.firstEvidenceAt, times),
    lastEvidenceAt: extreme(Math.max, stored?.lastEvidenceAt, times),
    from,
    added: items.length,
    group,
  };
}

/** Whose incident it is, and under which key: its own, else what this batch says, else that of one merged into it. */
function ownerOf(
  stored: LockedIncident | null,
  merged: readonly LockedIncident[],
  said: { id: string; key: string | null },
): { id: string | null; key: string | null } {
  if (stored?.sourceKey) return { id: stored.sourceId, key: stored.sourceKey };
  if (said.key !== null) return said;
  const keyed = merged.find(({ sourceKey }) => sourceKey !== null);
  return { id: keyed?.sourceId ?? null, key: keyed?.sourceKey ?? null };
}

export const EMPTY_EVIDENCE_ROOT = sha256();

function severityOf(stored: LockedIncident | null, items: readonly NewItem[]): Severity {
  const brought = worstSeverity(items.map(({ severity }) => severity));
  if (!stored) return brought ?? SEVERITY_WITHOUT_ALERT;
  const judged = stored.alertCount > 0 || rowCount(stored) > 0;
  if (!judged) return brought ?? stored.severity;
  return worstSeverity([stored.severity, brought]) ?? stored.severity;
}

/**
 * A title stays once it comes from an alert, so that the queue does not rename what a person reads; only
 * the source's own incident row is better.
 */
function titleOf(
  stored: LockedIncident | null,
  items: readonly NewItem[],
  { key, source }: { key: string | null; source: string },
): string {
  if (stored && rowCount(stored) > 0) return stored.title;
  const row = items.find(({ kind }) => kind === "incident");
  if (row) return row.title;
  if (stored && stored.alertCount > 0) return stored.title;
  const alert = worstAlert(items);
  if (alert) return alert.title;
  if (stored) return stored.title;
  const host = mostSeen(items.flatMap((item) => item.host ?? []));
  return `${key ?? "Case"}: activity ${host ? `on ${host}` : `reported by ${source}`}`;
}

function worstAlert(items: readonly NewItem[]): NewItem | undefined {
  const rank = ({ severity }: NewItem): number => (severity ? SEVERITY_RANK[severity] : 0);
  return items
    .filter(({ kind }) => kind === "alert")
    .reduce<NewItem | undefined>((worst, item) => {
      if (!worst) return item;
      const ahead = rank(item) - rank(worst) || (worst.at ?? Infinity) - (item.at ?? Infinity);
      return ahead > 0 ? item : worst;
    }, undefined);
}

function mostSeen(words: string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

function rowCount(stored: LockedIncident): number {
  return stored.evidenceCount - stored.alertCount - stored.eventCount;
}

function countOf(items: readonly NewItem[], kind: RecordKind): number {
  return items.filter((item) => item.kind === kind).length;
}

function extreme(
  pick: (...values: number[]) => number,
  stored: number | null | undefined,
  times: readonly number[],
): number | null {
  return times.reduce<number | null>(
    (best, at) => (best === null ? at : pick(best, at)),
    stored ?? null,
  );
}
