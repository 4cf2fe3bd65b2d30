/**
 * Which records of a batch open or join which incident, and which incidents are one. Pure: the command
 * reads the candidates, this decides, the command writes.
 */
import type { Observable, RecordKind } from "#lib/domain/evidence/record.ts";
import { LINK_CAPS, LINK_THRESHOLD, linkKey, MERGE_RULE, reachOf } from "./rules.ts";
import type { Linkable } from "./rules.ts";
import { Cluster } from "./cluster.ts";
import type { LinkValue, Score, Span } from "./cluster.ts";

/** One record of the batch, as far as correlation looks at it. */
export type CorrelationRecord = {
  /** The caller's handle: its place in the batch. */
  ref: number;
  kind: RecordKind;
  recordKey: string;
  /** When it happened, ms since 1970; null when unknown (then only ids tie it). */
  at: number | null;
  sourceIncidentId: string | null;
  alertIds: string[];
  observables: Observable[];
  /** Of an alert: its source, its rule and the sender it fired on, as one value; null when it has none. */
  rule: string | null;
};

/** A stored incident that may be met: by a source key, by a named alert, or by a shared value. */
export type CandidateIncident = {
  id: string;
  /** Its human number: the lower one is the older. */
  number: number;
  /** The key in its own source, when that source is the one that sends this batch; else null. */
  sourceKey: string | null;
  /** Keys of this batch's source that lead to it: its own, and those of incidents that were merged into it. */
  sourceKeys?: readonly string[];
  /** It has a key in some source. */
  keyed: boolean;
  closed: boolean;
  /** Nobody has worked on it: new, no owner, verdict, note, review or decision. */
  untouched: boolean;
  alertCount: number;
  eventCount: number;
  /** Its linking values that this batch carries too. */
  hits: (Linkable & { first: number | null; last: number | null })[];
};

export type CorrelationInput = {
  /** `?incident=KEY`: all records of the request belong to this incident of the source. */
  requestKey: string | null;
  records: CorrelationRecord[];
  incidents: CandidateIncident[];
  /** Stored alerts that source-incident rows of this batch name: record key -> incident id. */
  alertHomes: Map<string, string>;
  /** Alerts of this batch that a stored source-incident row names: record key -> incident id. */
  namedBy: Map<string, string>;
  /** Values (`type:value`) on too many recent incidents to link. */
  ubiquitous: Set<string>;
};

export type LinkReason = "request_key" | "by_hand" | "source_incident" | "shared_values" | "opened";

export type CorrelationGroup = {
  /** The stored incident to join, or null: open one. */
  incidentId: string | null;
  sourceKey: string | null;
  members: { ref: number; reason: LinkReason }[];
  /** Stored incidents to merge into this one: untouched, and younger. */
  merge: string[];
  /** Values that may tie later records to this incident, with the span in which they were seen here. */
  linking: Map<string, Span>;
};

export type CorrelationPlan = { groups: CorrelationGroup[]; loose: number[] };

export function planIncidents(input: CorrelationInput): CorrelationPlan {
  const desk = new Desk(input);
  if (input.requestKey !== null) {
    const cluster = desk.ofSourceKey(input.requestKey);
    for (const record of input.records) desk.add(cluster, record, "request_key", true);
    return desk.plan([]);
  }
  const alerts = input.records.filter((record) => record.kind !== "event").toSorted(byTime);
  const events = input.records.filter((record) => record.kind === "event");
  for (const record of alerts) desk.tieById(record);
  for (const record of alerts) desk.adopt(record);
  for (const record of alerts) desk.placeAlert(record);
  return desk.plan(placeEvents(desk, events));
}

/**
 * Two rounds: what an alert's own values reach, then what the hosts and accounts of those events reach.
 * There is no third, so an incident does not creep over the whole network.
 */
function placeEvents(desk: Desk, events: CorrelationRecord[]): number[] {
  const waiting = events.filter((event) => !desk.placeEvent(event));
  desk.lendWitnesses();
  return waiting.filter((event) => !desk.placeEvent(event)).map((event) => event.ref);
}

function byTime(a: CorrelationRecord, b: CorrelationRecord): number {
  const rowFirst = Number(b.kind === "incident") - Number(a.kind === "incident");
  return rowFirst || (a.at ?? Infinity) - (b.at ?? Infinity) || a.ref - b.ref;
}

/** The incidents of one batch while it is being sorted: stored ones and new ones, found by key and value. */
class Desk {
  readonly #input: CorrelationInput;
  readonly #byId = new Map<string, Cluster>();
  readonly #bySourceKey = new Map<string, Cluster>();
  readonly #byValue = new Map<string, Set<Cluster>>();
  readonly #homes = new Map<number, Cluster>();
  /** Alerts of this batch that a row of this batch names. */
  readonly #byAlertId = new Map<string, Cluster>();
  #witnesses: { cluster: Cluster; record: CorrelationRecord }[] = [];
  #opened = 0;
  #merged = 0;

  constructor(input: CorrelationInput) {
    this.#input = input;
    for (const incident of input.incidents) {
      const cluster = Cluster.of(incident);
      this.#byId.set(incident.id, cluster);
      if (cluster.sourceKey !== null) this.#bySourceKey.set(cluster.sourceKey, cluster);
      for (const key of incident.sourceKeys ?? []) this.#bySourceKey.set(key, cluster);
      for (const hit of incident.hits) {
        const span = spanOf(hit.first, hit.last);
        if (span) this.#learn(cluster, linkKey(hit), span);
      }
    }
  }

  ofSourceKey(key: string): Cluster {
    const known = this.#bySourceKey.get(key);
    if (known) return known.head();
    const cluster = Cluster.fresh(this.#opened++, key);
    this.#bySourceKey.set(key, cluster);
    return cluster;
  }

  /** What the source itself says: its incident id, its incident rows. Certain, so it may tie stored incidents. */
  tieById(record: CorrelationRecord): void {
    if (record.kind === "incident") this.#tieRow(record);
    else if (record.kind === "alert") this.#tieAlert(record);
  }

  #tieRow(row: CorrelationRecord): void {
    const own = row.sourceIncidentId;
    const homes = row.alertIds.flatMap((id) => {
      const home = this.#homeOf(id);
      return home ? [home] : [];
    });
    let cluster = own !== null ? this.#bySourceKey.get(own)?.head() : undefined;
    cluster ??= mostFrequent(homes.filter((home) => own === null || home.mayTake(own)));
    if (cluster && own !== null) this.#name(cluster, own);
    cluster ??= own !== null ? this.ofSourceKey(own) : this.#open();
    for (const home of homes) cluster = cluster.unite(home, "source_incident");
    for (const id of row.alertIds) this.#byAlertId.set(id, cluster);
    this.add(cluster, row, "source_incident", false);
  }

  #homeOf(alertId: string): Cluster | undefined {
    const stored = this.#input.alertHomes.get(alertId);
    return (stored === undefined ? this.#byAlertId.get(alertId) : this.#byId.get(stored))?.head();
  }

  #tieAlert(alert: CorrelationRecord): void {
    const named = this.#input.namedBy.get(alert.recordKey);
    const row = this.#byAlertId.get(alert.recordKey) ?? (named ? this.#byId.get(named) : undefined);
    if (row) return this.add(row.head(), alert, "source_incident", true);
    if (alert.sourceIncidentId === null) return;
    const known = this.#bySourceKey.has(alert.sourceIncidentId);
    const reason = known ? "source_incident" : "opened";
    this.add(this.ofSourceKey(alert.sourceIncidentId), alert, reason, true);
  }

  placeAlert(alert: CorrelationRecord): void {
    if (this.#homes.has(alert.ref)) return;
    const [best, ...others] = this.#openOnes(alert);
    if (!best) return this.add(this.#open(), alert, "opened", true);
    let { cluster } = best;
    for (const other of others) {
      if (isStrong(best) && isStrong(other)) cluster = this.#uniteByValues(cluster, other.cluster);
    }
    this.add(cluster, alert, "shared_values", true);
  }

  /**
   * An alert that its source puts into an incident: had it come first, an alert without a key would have joined
   * it by values. So that the order does not matter, an incident without a key becomes the source's.
   */
  adopt(alert: CorrelationRecord): void {
    let own =
      alert.kind === "alert" && alert.sourceIncidentId !== null
        ? this.#homes.get(alert.ref)?.head()
        : undefined;
    if (!own) return;
    for (const other of this.#openOnes(alert)) {
      if (!other.cluster.head().mayBeAdopted) continue;
      if (own.isNew || isStrong(other)) own = this.#uniteByValues(own, other.cluster);
    }
  }

  #uniteByValues(cluster: Cluster, other: Cluster): Cluster {
    if (!cluster.mayBeOneWith(other)) return cluster;
    if (!cluster.head().isNew && !other.head().isNew) {
      if (this.#merged >= MERGE_RULE.perBatch) return cluster;
      this.#merged += 1;
    }
    return cluster.unite(other, "shared_values");
  }

  /** The incidents that an alert may join by its values: the nearest first, of equally near ones the oldest. */
  #openOnes(alert: CorrelationRecord): Met[] {
    return this.#scores(alert)
      .filter(({ cluster }) => !cluster.closed && cluster.alertCount < LINK_CAPS.alerts)
      .toSorted((a, b) => b.score - a.score || Cluster.compare(a.cluster, b.cluster));
  }

  /** True when the event was placed. Events open no incident. */
  placeEvent(event: CorrelationRecord): boolean {
    const key = event.sourceIncidentId;
    const named = key === null ? undefined : this.#bySourceKey.get(key)?.head();
    if (named) {
      this.add(named, event, "source_incident", false);
      return true;
    }
    const met = this.#scores(event).filter(
      ({ cluster }) => !cluster.closed && cluster.eventCount < LINK_CAPS.events,
    );
    const first = met[0];
    if (!first) return false;
    const best = met.reduce((a, b) => {
      const ahead = b.score - a.score || Cluster.compare(a.cluster, b.cluster);
      return ahead > 0 ? b : a;
    }, first);
    this.add(best.cluster, event, "shared_values", false);
    if (best.witness) this.#witnesses.push({ cluster: best.cluster, record: event });
    return true;
  }

  /** Events tied by more than host and account make their own hosts and accounts part of the incident. */
  lendWitnesses(): void {
    for (const { cluster, record } of this.#witnesses) {
      const span = spanOf(record.at, record.at);
      if (!span) continue;
      for (const observable of record.observables) {
        if (observable.type !== "host" && observable.type !== "user") continue;
        const key = linkKey(observable);
        if (this.#links(observable, key)) this.#learn(cluster.head(), key, span);
      }
    }
    this.#witnesses = [];
  }

  add(cluster: Cluster, record: CorrelationRecord, reason: LinkReason, lends: boolean): void {
    this.#homes.set(record.ref, cluster);
    cluster.take(record, cluster.isEmptyAndNew ? "opened" : reason);
    const span = spanOf(record.at, record.at);
    if (!lends || !span) return;
    for (const { key } of this.#valuesOf(record)) this.#learn(cluster, key, span);
  }

  #valuesOf({ observables, rule }: CorrelationRecord): LinkValue[] {
    const linkables: Linkable[] = observables.slice(0, LINK_CAPS.keysPerRecord);
    if (rule !== null) linkables.push({ type: "rule", value: rule });
    return linkables.flatMap((observable) => {
      const key = linkKey(observable);
      return this.#links(observable, key) ? [{ observable, key }] : [];
    });
  }

  plan(loose: number[]): CorrelationPlan {
    const heads = new Set<Cluster>();
    for (const cluster of this.#byId.values()) heads.add(cluster.head());
    for (const cluster of this.#bySourceKey.values()) heads.add(cluster.head());
    for (const clusters of this.#byValue.values())
      for (const one of clusters) heads.add(one.head());
    for (const cluster of this.#fresh) heads.add(cluster.head());
    const groups = [...heads].filter((head) => head.changed).toSorted(Cluster.compare);
    return { groups: groups.map((head) => head.toGroup()), loose };
  }

  readonly #fresh: Cluster[] = [];

  #open(): Cluster {
    const cluster = Cluster.fresh(this.#opened++, null);
    this.#fresh.push(cluster);
    return cluster;
  }

  #name(cluster: Cluster, key: string): void {
    cluster.sourceKey ??= key; // what was merged into it has a key of its own
    this.#bySourceKey.set(key, cluster);
  }

  #links(observable: Linkable, key: string): boolean {
    return reachOf(observable) !== "none" && !this.#input.ubiquitous.has(key);
  }

  #learn(cluster: Cluster, key: string, span: Span): void {
    cluster.see(key, span);
    const clusters = this.#byValue.get(key);
    if (clusters) clusters.add(cluster);
    else this.#byValue.set(key, new Set([cluster]));
  }

  /** Every incident that shares enough with the record. */
  #scores(record: CorrelationRecord): Met[] {
    if (record.at === null) return [];
    const met = new Set<Cluster>();
    const values = this.#valuesOf(record);
    for (const { key } of values)
      for (const one of this.#byValue.get(key) ?? []) met.add(one.head());
    return [...met]
      .filter(
        (cluster) => record.sourceIncidentId === null || cluster.mayTake(record.sourceIncidentId),
      )
      .map((cluster) => ({ cluster, ...cluster.score(values, record.at ?? 0) }))
      .filter(({ score }) => score >= LINK_THRESHOLD);
  }
}

type Met = Score & { cluster: Cluster };

function isStrong({ strongest }: Score): boolean {
  return strongest >= MERGE_RULE.strongest;
}

function spanOf(first: number | null, last: number | null): Span | null {
  return first === null || last === null ? null : { first, last };
}

function mostFrequent(clusters: Cluster[]): Cluster | undefined {
  const counts = new Map<Cluster, number>();
  for (const cluster of clusters) counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  return [...counts].toSorted(([a, n], [b, m]) => m - n || Cluster.compare(a, b))[0]?.[0];
}
