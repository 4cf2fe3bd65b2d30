/**
 * Where a text first stands in another, as `indexOf` answers, but never in more than linear time.
 * `indexOf` is quick as a rule and takes haystack times needle for `aaa…` and its like: so only a
 * few characters are looked for with it, and when the candidates are too many the rest is searched
 * by Knuth, Morris and Pratt.
 */
export function indexOfText(text: string, wanted: string, from = 0): number {
  if (wanted.length <= PROBE) return text.indexOf(wanted, from);
  const probe = wanted.slice(0, PROBE);
  let budget = TRIES + (text.length - from) / wanted.length;
  let at = text.indexOf(probe, from);
  while (at >= 0) {
    if (text.startsWith(wanted, at)) return at;
    if (--budget < 0) return searchLinear(text, wanted, at + 1);
    at = text.indexOf(probe, at + 1);
  }
  return -1;
}

const PROBE = 12;
const TRIES = 64;

function searchLinear(text: string, wanted: string, from: number): number {
  const back = borders(wanted);
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && wanted.charCodeAt(matched) !== code) matched = back[matched - 1] ?? 0;
    if (wanted.charCodeAt(matched) === code) matched += 1;
    if (matched === wanted.length) return at - matched + 1;
  }
  return -1;
}

/** For each prefix, how long the longest proper prefix is that is also its end. */
function borders(wanted: string): Uint32Array {
  const back = new Uint32Array(wanted.length);
  let matched = 0;
  for (let i = 1; i < wanted.length; i++) {
    const code = wanted.charCodeAt(i);
    while (matched > 0 && wanted.charCodeAt(matched) !== code) matched = back[matched - 1] ?? 0;
    if (wanted.charCodeAt(matched) === code) matched += 1;
    back[i] = matched;
  }
  return back;
}
