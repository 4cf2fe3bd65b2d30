import type { RecordEntry } from "#lib/contracts/thread-views.ts";
import { getJson } from "./get-json.ts";

/** Asked of the door at once; it gives at most 300. */
const BATCH = 160;
/** Requests under way at a time, and the least time between two beginnings while a person scrolls. */
const UNDER_WAY = 2;
const PAUSE_MS = 60;
/** Records kept; the oldest go first, and are asked for again when they are neared. */
const KEPT = 20_000;

/**
 * What the lines of one incident's thread say, by place (E12 as 12). A record never changes, so what came once stays.
 * The newest wish goes first: what was scrolled past is not asked for any more.
 */
export class RecordStore {
  readonly #incidentId: string;
  readonly #records = new Map<number, RecordEntry>();
  readonly #places = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #asked = new Set<number>();
  #wanted: readonly number[] = [];
  #underWay = 0;
  #begun = 0;
  #paused = false;
  #version = 0;
  #failed: string | null = null;

  constructor(incidentId: string) {
    this.#incidentId = incidentId;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly version = (): number => this.#version;

  get(position: number): RecordEntry | undefined {
    return this.#records.get(position);
  }

  placeOf(evidenceId: string): number | undefined {
    return this.#places.get(evidenceId);
  }

  /** Why the last records that were asked for did not come; null when they did. */
  get failed(): string | null {
    return this.#failed;
  }

  /** Takes in what came another way; tells nobody, and may be called while rendering. */
  fill(records: readonly RecordEntry[]): void {
    for (const record of records) {
      this.#records.set(record.position, record);
      this.#places.set(record.id, record.position);
    }
  }

  /** These are in view or near it, the nearest first; what was wished before and is not among them is dropped. */
  want(positions: readonly number[]): void {
    this.#wanted = positions;
    this.#pump();
  }

  /** Asks again for what failed. */
  retry(): void {
    this.#failed = null;
    this.#tell();
    this.#pump();
  }

  /** One record, asked for unless it is here; null when there is none. */
  async load(which: { position: number } | { id: string }): Promise<RecordEntry | null> {
    const place = "id" in which ? this.#places.get(which.id) : which.position;
    const here = place === undefined ? undefined : this.#records.get(place);
    if (here) return here;
    const records = await this.#fetch(
      "id" in which ? `id=${which.id}` : `positions=${which.position}`,
    );
    this.fill(records);
    this.#tell();
    return records[0] ?? null;
  }

  #pump(): void {
    if (this.#underWay >= UNDER_WAY || this.#failed !== null) return;
    const missing = this.#wanted.filter(
      (position) => !this.#records.has(position) && !this.#asked.has(position),
    );
    if (missing.length === 0) return;
    const wait = this.#begun + PAUSE_MS - Date.now();
    if (wait > 0) {
      if (this.#paused) return;
      this.#paused = true;
      setTimeout(() => {
        this.#paused = false;
        this.#pump();
      }, wait);
      return;
    }
    this.#begun = Date.now();
    void this.#bring(missing.slice(0, BATCH));
  }

  async #bring(positions: number[]): Promise<void> {
    this.#underWay += 1;
    for (const position of positions) this.#asked.add(position);
    try {
      this.fill(await this.#fetch(`positions=${positions.join(",")}`));
    } catch (error) {
      this.#failed = error instanceof Error ? error.message : "The server did not answer.";
    }
    // a record that did not come, though its place is in the outline, is not asked for without end
    for (const position of positions) {
      if (this.#failed !== null || this.#records.has(position)) this.#asked.delete(position);
    }
    this.#underWay -= 1;
    this.#forget();
    this.#tell();
    this.#pump();
  }

  async #fetch(query: string): Promise<RecordEntry[]> {
    const path = `/api/incidents/${this.#incidentId}/records?${query}`;
    return (await getJson<{ records: RecordEntry[] }>(path)).records;
  }

  #forget(): void {
    const near = new Set(this.#wanted);
    for (const [position, record] of this.#records) {
      if (this.#records.size <= KEPT) return;
      if (near.has(position)) continue;
      this.#records.delete(position);
      this.#places.delete(record.id);
    }
  }

  #tell(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
