import type { TrailLine } from "./line.ts";

/** Payloads that one entry of the kind `payload.erased` took away; sequence numbers. */
export type Erased = { by: number; entries: number; from: number; to: number };

type Waiting = Erased & { incident: string };

/**
 * Follows what lines say was erased until the entry comes that erased it. An erasure is one incident's, comes after
 * what it erased, and says how many payloads went and between which entries.
 */
export class Erasures {
  readonly found: Erased[] = [];
  readonly #waiting = new Map<number, Waiting>();

  /** Takes a line without its payload; says what is wrong with that, or null. */
  erased(entry: TrailLine, by: number): string | null {
    if (entry.incident === null || by <= entry.seq)
      return `entry ${entry.seq} cannot have been erased by entry ${by}`;
    const known = this.#waiting.get(by);
    if (!known) {
      const { seq, incident } = entry;
      this.#waiting.set(by, { by, entries: 1, from: seq, to: seq, incident });
      return null;
    }
    if (known.incident !== entry.incident)
      return `entry ${by} is said to have erased payloads of two incidents`;
    this.#waiting.set(by, { ...known, entries: known.entries + 1, to: entry.seq });
    return null;
  }

  /** Takes every entry as it passes, with its payload or null; says what is wrong, or null. */
  passes({ seq, kind, incident }: TrailLine, payload: string | null): string | null {
    const waiting = this.#waiting.get(seq);
    if (!waiting) {
      return kind === "payload.erased" && payload !== null && said(payload)?.entries !== 0
        ? `entry ${seq} says that it erased payloads which are there`
        : null;
    }
    this.#waiting.delete(seq);
    const { incident: of, ...erased } = waiting;
    this.found.push(erased);
    if (kind !== "payload.erased" || incident !== of)
      return `entry ${seq} erased no payload of that incident`;
    // A second erasure of the incident took what the first one said: its kind still stands.
    if (payload === null) return null;
    const { entries, from, to } = said(payload) ?? {};
    return entries === erased.entries && from === erased.from && to === erased.to
      ? null
      : `entry ${seq} erased other payloads than are missing`;
  }

  /** The first erasure whose entry never came, in a sentence, or null. */
  unnamed(): string | null {
    const [first] = this.#waiting.values();
    return first
      ? `entry ${first.from} names entry ${first.by}, which is not there, for its erasure`
      : null;
  }
}

function said(payload: string): Partial<Erased> | null {
  try {
    return JSON.parse(payload) as Partial<Erased> | null;
  } catch {
    return null;
  }
}
