import type { RecordEntry } from "#lib/contracts/thread-views.ts";
import { getJson } from "./get-json.ts";

/** Asked of the door at once; it gives at most 300. */
const BATCH = 160;
/** Requests under way at a time, besides one for lines in view, and the least time between two beginnings while a person scrolls. */
const UNDER_WAY = 2;
const PAUSE_MS = 60;
/** Records kept; the oldest go first, and are asked for again when they are neared. */
const KEPT = 20_000;

/**
 * What the lines of one incident's thread say, by place (E12 as 12). A record never changes, so what came once stays.
 * The newest wish goes first: what was scrolled past is not asked for any more.
 */
export class RecordStore {
  readonly #door: string;
  readonly #records = new Map<number, RecordEntry>();
  readonly #places = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  readonly #asked = new Set<number>();
  #seen: readonly number[] = [];
  #near: readonly number[] = [];
  #underWay = 0;
  #begun = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #failed: string | null = null;

  /** `door`: the address that tells records of this incident. */
  constructor(door: string) {
    this.#door = door;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

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

  /**
   * `seen` are in view, `near` may come into it, the likeliest first; what was wished before and is not among them is
   * dropped.
   */
  want(seen: readonly number[], near: readonly number[]): void {
    this.#seen = seen;
    this.#near = near;
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
    if (this.#failed !== null) return;
    const seen = this.#missing(this.#seen);
    const near = this.#missing(this.#near);
    if (this.#underWay >= UNDER_WAY + (seen.length > 0 ? 1 : 0)) return;
    if (seen.length + near.length === 0) return;
    clearTimeout(this.#waiting);
    const wait = this.#begun + PAUSE_MS - Date.now();
    if (wait > 0) {
      this.#waiting = setTimeout(() => this.#pump(), wait);
      return;
    }
    this.#begun = Date.now();
    // after a leap nothing in view is here: it goes alone, as the fewer come the sooner
    const isLeap = seen.length > 0 && seen.length === this.#seen.length;
    if (isLeap) void this.#bring(seen.slice(0, BATCH));
    const rest = isLeap ? near : [...seen, ...near];
    const most = isLeap || seen.length === 0 ? UNDER_WAY : UNDER_WAY + 1;
    if (rest.length > 0 && this.#underWay < most) void this.#bring(rest.slice(0, BATCH));
    this.#pump();
  }

  #missing(positions: readonly number[]): number[] {
    return positions.filter(
      (position) => !this.#records.has(position) && !this.#asked.has(position),
    );
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
    return (await getJson<{ records: RecordEntry[] }>(`${this.#door}?${query}`)).records;
  }

  #forget(): void {
    const near = new Set([...this.#seen, ...this.#near]);
    for (const [position, record] of this.#records) {
      if (this.#records.size <= KEPT) return;
      if (near.has(position)) continue;
      this.#records.delete(position);
      this.#places.delete(record.id);
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
