/** Stretches `[start, end)` of each text, in UTF-16 offsets, that the other does not have. */
export type WordDiff = { left: [number, number][]; right: [number, number][] };

type Word = { text: string; start: number; end: number };

/** Longer texts are told to differ as a whole: the time grows with the square. */
const WORDS_MAX = 400;

/** What was changed between two wordings, word by word, by the longest common row of words. */
export function wordDiff(left: string, right: string): WordDiff {
  const a = wordsOf(left);
  const b = wordsOf(right);
  if (a.length > WORDS_MAX || b.length > WORDS_MAX) {
    const whole = (text: string): [number, number][] => (text === "" ? [] : [[0, text.length]]);
    return left === right ? { left: [], right: [] } : { left: whole(left), right: whole(right) };
  }
  const lengths = commonLengths(a, b);
  const onlyA: Word[] = [];
  const onlyB: Word[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i]!.text === b[j]!.text) {
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      onlyA.push(a[i]!);
      i += 1;
    } else {
      onlyB.push(b[j]!);
      j += 1;
    }
  }
  return { left: joined(onlyA, left), right: joined(onlyB, right) };
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
    text: word,
    start: index,
    end: index + word.length,
  }));
}

/** For each pair of places, how many words the rests from there have in common. */
function commonLengths(a: readonly Word[], b: readonly Word[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => [...b.map(() => 0), 0]);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i]![j] =
        a[i]!.text === b[j]!.text
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}

/** Words that stand beside each other are one stretch. */
function joined(words: readonly Word[], text: string): [number, number][] {
  const spans: [number, number][] = [];
  for (const { start, end } of words) {
    const last = spans.at(-1);
    if (last && text.slice(last[1], start).trim() === "") last[1] = end;
    else spans.push([start, end]);
  }
  return spans;
}
