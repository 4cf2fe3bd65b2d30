/** Numbers that look random and are the same on every run. */
export type Random = {
  /** A whole number from 0 to `below` - 1. */
  below(limit: number): number;
  pick<T>(items: readonly T[]): T | undefined;
  /** Up to `n` of the items, in an order of its own. */
  sample<T>(items: readonly T[], n: number): T[];
};

/** The same name gives the same numbers (FNV-1a into mulberry32), whatever was drawn before. */
export function randomFrom(name: string): Random {
  let state = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1)
    state = Math.imul(state ^ name.charCodeAt(i), 0x01000193) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => items[below(items.length)],
    sample: (items, n) => {
      const left = [...items];
      const taken: typeof left = [];
      while (taken.length < n && left.length > 0) {
        const [one] = left.splice(below(left.length), 1);
        if (one !== undefined) taken.push(one);
      }
      return taken;
    },
  };
}
