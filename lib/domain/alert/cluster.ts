import type {
  CandidateIncident,
  CorrelationGroup,
  CorrelationRecord,
  LinkReason,
} from "./correlate.ts";
import {
  familyOf,
  LINK_CAPS,
  LINK_THRESHOLD,
  linkWeight,
  MERGE_RULE,
  reachOf,
  VALUES_COUNTED,
} from "./rules.ts";
import type { Linkable, LinkFamily, LinkType } from "./rules.ts";

/** From the first to the last sighting of a value, ms since 1970. */
export type Span = { first: number; last: number };
export type LinkValue = { observable: Linkable; key: string };

/**
 * What shared values weigh together, and the most that one family of them weighs. `witness`: they link
 * without host and account.
 */
export type Score = { score: number; strongest: number; witness: boolean };

const EPSILON = 1e-9;

/** One incident, stored or about to be opened, while a batch is sorted. A united one points at its head. */
export class Cluster {
  sourceKey: string | null = null;
  /** Some source keeps it under a key of its own, not only the one that sends this batch. */
  keyed = false;
  closed = false;
  alertCount = 0;
  eventCount = 0;
  #incidentId: string | null = null;
  #untouched = true;
  /** Stored ones by their number, new ones after all of them in the order of opening. */
  #order = 0;
  #head: Cluster | null = null;
  #members: { ref: number; reason: LinkReason }[] = [];
  #merged: string[] = [];
  #spans = new Map<string, Span>();
  #learned = new Map<string, Span>();

  static of(incident: CandidateIncident): Cluster {
    const cluster = new Cluster();
    cluster.#incidentId = incident.id;
    cluster.sourceKey = incident.sourceKey;
    cluster.keyed = incident.keyed;
    cluster.closed = incident.closed;
    cluster.#untouched = incident.untouched;
    cluster.alertCount = incident.alertCount;
    cluster.eventCount = incident.eventCount;
    cluster.#order = incident.number;
    return cluster;
  }

  static fresh(nth: number, sourceKey: string | null): Cluster {
    const cluster = new Cluster();
    cluster.sourceKey = sourceKey;
    cluster.keyed = sourceKey !== null;
    cluster.#order = Number.MAX_SAFE_INTEGER / 2 + nth;
    return cluster;
  }

  /** Older first. */
  static compare(this: void, a: Cluster, b: Cluster): number {
    return a.#order - b.#order;
  }

  head(): Cluster {
    // oxlint-disable-next-line typescript/no-this-alias -- walks up from here
    let head: Cluster = this;
    while (head.#head) head = head.#head;
    return head;
  }

  get isNew(): boolean {
    return this.#incidentId === null;
  }

  get isEmptyAndNew(): boolean {
    return this.isNew && this.#members.length === 0;
  }

  get changed(): boolean {
    return this.#members.length > 0 || this.#merged.length > 0;
  }

  /** Two incidents that their source keeps apart are never one. */
  mayTake(sourceKey: string | null): boolean {
    return sourceKey === null || this.sourceKey === null || this.sourceKey === sourceKey;
  }

  take(record: CorrelationRecord, reason: LinkReason): void {
    this.#members.push({ ref: record.ref, reason });
    if (record.kind === "alert") this.alertCount += 1;
    if (record.kind === "event") this.eventCount += 1;
  }

  see(key: string, span: Span): void {
    widen(this.#spans, key, span);
    widen(this.#learned, key, span);
  }

  /**
   * Makes one of two and returns it: the older stays. A stored incident is given up only while nobody has
   * worked on it; otherwise both stay and this one is returned.
   */
  unite(given: Cluster, because: LinkReason): Cluster {
    const [a, b] = [this.head(), given.head()];
    if (a === b) return a;
    const [older, younger] = Cluster.compare(a, b) <= 0 ? [a, b] : [b, a];
    const givenUp = younger.isNew || (younger.#untouched && !older.closed);
    if (!givenUp || !older.mayTake(younger.sourceKey)) return a;
    older.#absorb(younger, because);
    return older;
  }

  /**
   * Whether values alone may make them one: at most one has a key and, when both are stored, nobody worked on
   * either and the younger is small.
   */
  mayBeOneWith(given: Cluster): boolean {
    const [a, b] = [this.head(), given.head()];
    const [older, younger] = Cluster.compare(a, b) <= 0 ? [a, b] : [b, a];
    if (a === b || (a.keyed && b.keyed) || a.closed || b.closed) return false;
    if (younger.isNew) return true;
    if (!a.#untouched || !b.#untouched) return false;
    if (younger.alertCount > MERGE_RULE.alerts || younger.eventCount > MERGE_RULE.events)
      return false;
    return older.alertCount + younger.alertCount <= LINK_CAPS.alerts;
  }

  /** Whether an incident of a source may go on in this one: it has no key, and nobody worked on it. */
  get mayBeAdopted(): boolean {
    return !this.isNew && !this.keyed && !this.closed && this.#untouched;
  }

  #absorb(other: Cluster, because: LinkReason): void {
    other.#head = this;
    this.sourceKey ??= other.sourceKey;
    this.keyed ||= other.keyed;
    this.alertCount += other.alertCount;
    this.eventCount += other.eventCount;
    // What would have opened an incident joins this one instead.
    const stays = this.isEmptyAndNew;
    for (const { ref, reason } of other.#members) {
      this.#members.push({ ref, reason: reason === "opened" && !stays ? because : reason });
    }
    if (other.#incidentId !== null) this.#merged.push(other.#incidentId);
    this.#merged.push(...other.#merged);
    for (const [key, span] of other.#spans) widen(this.#spans, key, span);
    for (const [key, span] of other.#learned) widen(this.#learned, key, span);
  }

  /** What the shared values weigh together: the best of each family, or of an address type the best two. */
  score(values: readonly LinkValue[], at: number): Score {
    const weights = new Map<LinkType, number[]>();
    for (const { observable, key } of values) {
      const span = this.#spans.get(key);
      const reach = span ? reachOf(observable) : "none";
      if (!span || reach === "none") continue;
      const weight = linkWeight(observable.type, reach, gap(span, at));
      if (weight === 0) continue;
      const known = weights.get(observable.type);
      if (known) known.push(weight);
      else weights.set(observable.type, [weight]);
    }
    return weigh(weights);
  }

  toGroup(): CorrelationGroup {
    return {
      incidentId: this.#incidentId,
      sourceKey: this.sourceKey,
      members: this.#members,
      merge: this.#merged,
      linking: this.#learned,
    };
  }
}

function weigh(weights: Map<LinkType, number[]>): Score {
  const families = new Map<LinkFamily, number>();
  for (const [type, ofType] of weights) {
    const family = familyOf(type);
    if (!family) continue;
    const counted = ofType.toSorted((a, b) => b - a).slice(0, VALUES_COUNTED[type] ?? 1);
    const weight = counted.reduce((total, one) => total + one, 0);
    families.set(family, Math.max(families.get(family) ?? 0, weight));
  }
  let score = EPSILON;
  let strongest = 0;
  let without = EPSILON;
  for (const [family, weight] of families) {
    score += weight;
    strongest = Math.max(strongest, weight + EPSILON);
    if (family !== "machine" && family !== "identity") without += weight;
  }
  return { score, strongest, witness: without >= LINK_THRESHOLD };
}

function gap(span: Span, at: number): number {
  if (at < span.first) return span.first - at;
  return at > span.last ? at - span.last : 0;
}

function widen(spans: Map<string, Span>, key: string, { first, last }: Span): void {
  const known = spans.get(key);
  if (!known) {
    spans.set(key, { first, last });
    return;
  }
  known.first = Math.min(known.first, first);
  known.last = Math.max(known.last, last);
}
