/**
 * Many fixed strings searched for at once, in time linear in the text whoever chose strings and text: three
 * characters lead to the lengths that can start with them, and one look-up decides each length.
 */
const GRAM = 3;
const BUCKETS = 1 << 16;
const LENGTH_MAX = 256;

export type Needles<T> = {
  byText: Map<string, T>;
  /** By the hash of the first three characters: the lengths of needles that start so, longest first. */
  lengths: (number[] | undefined)[];
  ignoresCase: boolean;
};

/** Shorter than three characters or longer than 256: left out. Of equal ones the first counts. */
export function makeNeedles<T>(
  entries: Iterable<readonly [text: string, value: T]>,
  { ignoresCase }: { ignoresCase: boolean },
): Needles<T> {
  const byText = new Map<string, T>();
  const listed = [...entries];
  // holes would make the array a hash table
  const length = listed.length === 0 ? 0 : BUCKETS;
  const lengths = Array.from<number[] | undefined>({ length });
  for (const [text, value] of listed) {
    const needle = ignoresCase ? foldCase(text) : text;
    if (needle.length < GRAM || needle.length > LENGTH_MAX || byText.has(needle)) continue;
    byText.set(needle, value);
    const hash = hashAt(needle, 0);
    const known = lengths[hash] ?? [];
    if (!known.includes(needle.length))
      lengths[hash] = [...known, needle.length].toSorted((a, b) => b - a);
  }
  return { byText, lengths, ignoresCase };
}

/**
 * Visits what stands in the text from left to right, of several at one place the longest first. `visit` says where
 * the search goes on, or null to be shown the next shorter one.
 */
export function eachNeedle<T>(
  needles: Needles<T>,
  text: string,
  visit: (value: T, start: number, end: number) => number | null,
): void {
  const { byText, lengths } = needles;
  if (byText.size === 0) return;
  const searched = needles.ignoresCase ? foldCase(text) : text;
  let first = searched.charCodeAt(0);
  let second = searched.charCodeAt(1);
  let from = 0;
  for (let at = 0; at + GRAM <= searched.length; at++) {
    const third = searched.charCodeAt(at + 2);
    const hash = hashOf(first, second, third);
    first = second;
    second = third;
    const tried = at < from ? undefined : lengths[hash];
    if (tried === undefined) continue;
    for (const length of tried) {
      if (at + length > searched.length) continue;
      const value = byText.get(searched.slice(at, at + length));
      if (value === undefined) continue;
      const next = visit(value, at, at + length);
      if (next === null) continue;
      from = next;
      break;
    }
  }
}

/** Lower case, of the same length: offsets stay. */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from({ length: text.length }, (_, at) => {
    const one = text.charAt(at).toLowerCase();
    return one.length === 1 ? one : text.charAt(at);
  }).join("");
}

function hashAt(text: string, at: number): number {
  return hashOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2));
}

function hashOf(first: number, second: number, third: number): number {
  return (first * 961 + second * 31 + third) & (BUCKETS - 1);
}
