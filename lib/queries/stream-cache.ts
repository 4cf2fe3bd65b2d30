/** What is kept of one incident's records, under the evidence root they had, and how many they are. */
export type Kept<T> = { root: string; value: T; records: number };

/**
 * The newest of what was read of incidents' records, by the incident and its evidence root: a root commits to which
 * record stands at which position, and a record never changes, so the same root is the same reading. Holds so many
 * records at most; what was not asked for longest goes first.
 */
export class StreamCache<T> {
  readonly #recordsMax: number;
  readonly #kept = new Map<string, Kept<T>>();
  #records = 0;

  constructor(recordsMax: number) {
    this.#recordsMax = recordsMax;
  }

  /** What was kept last of an incident: to be used only where its root is the same now. */
  get(incidentId: string): Kept<T> | null {
    const kept = this.#kept.get(incidentId);
    if (!kept) return null;
    this.#kept.delete(incidentId);
    this.#kept.set(incidentId, kept);
    return kept;
  }

  set(incidentId: string, kept: Kept<T>): void {
    this.#drop(incidentId);
    if (kept.records > this.#recordsMax) return;
    this.#kept.set(incidentId, kept);
    this.#records += kept.records;
    for (const oldest of this.#kept.keys()) {
      if (this.#records <= this.#recordsMax) return;
      this.#drop(oldest);
    }
  }

  #drop(incidentId: string): void {
    this.#records -= this.#kept.get(incidentId)?.records ?? 0;
    this.#kept.delete(incidentId);
  }
}
