import type { Span } from "./spans.ts";

const LENGTH = 40;
/** By character code: 1 for a digit of base64, 2 for what else a longer name could go on with. */
const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => {
  const c = String.fromCharCode(code);
  if (/[A-Za-z0-9/+]/.test(c)) return 1;
  return /[=_.\\-]/.test(c) ? 2 : 0;
});

/** Secret keys of AWS with nothing before them that says so: exactly forty digits of base64, and random. */
export function bareKeys(text: string): Span[] {
  const found: Span[] = [];
  let start = 0;
  let isPure = true;
  for (let at = 0; at <= text.length; at++) {
    const kind = CLASSES[text.charCodeAt(at)] ?? 0;
    if (kind === 2) isPure = false;
    if (kind !== 0) continue;
    if (isPure && at - start === LENGTH && isRandom(text.slice(start, at)))
      found.push({ start, end: at, kind: "aws" });
    start = at + 1;
    isPure = true;
  }
  return found;
}

/** Mixed, no path, no digest. */
function isRandom(found: string): boolean {
  const count = (regex: RegExp) => found.match(regex)?.length ?? 0;
  return (
    count(/[A-Z]/g) >= 5 &&
    count(/[a-z]/g) >= 5 &&
    count(/\d/g) >= 2 &&
    count(/\//g) <= 5 &&
    new Set(found).size >= 18
  );
}
