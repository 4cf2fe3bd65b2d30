const START_BYTES = 65_536;

/**
 * The bytes of a stream that are not done with, in one piece. Room is made so that it is at least
 * half empty afterwards: holding costs time in proportion to what is appended, however small the chunks.
 */
export class HeldBytes {
  #buffer = new Uint8Array(START_BYTES);
  #start = 0;
  #end = 0;
  #moved = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** How many bytes were moved to make room, over its life. */
  get moved(): number {
    return this.#moved;
  }

  /** A view that holds until the next `append`. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#buffer.length) this.#makeRoom(this.length + chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The first `count` bytes are done with. */
  drop(count: number): void {
    this.#start += count;
    if (this.length === 0) {
      this.#start = 0;
      this.#end = 0;
    }
  }

  #makeRoom(needed: number): void {
    const length = this.length;
    this.#moved += length;
    if (needed <= this.#buffer.length / 2) this.#buffer.copyWithin(0, this.#start, this.#end);
    else {
      const wider = new Uint8Array(needed * 2);
      wider.set(this.bytes());
      this.#buffer = wider;
    }
    this.#start = 0;
    this.#end = length;
  }
}
