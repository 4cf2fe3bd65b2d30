/** Which units of a text some entity already has: one byte for each. */

export function isTaken(taken: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (taken[i]) return true;
  return false;
}

export function mark(taken: Uint8Array, start: number, end: number): void {
  taken.fill(1, start, end);
}
