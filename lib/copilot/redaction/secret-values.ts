/**
 * Reads the value that follows a name or a flag: where a password starts and ends. Rather too much than too little:
 * what is replaced is only not seen by a model.
 */
export type Found = { start: number; end: number };

const VALUE_MAX = 4096;
const PLACEHOLDER =
  /^(?:[*x\u2022#.?-]{1,64}|null|none|nil|true|false|yes|no|undefined|unknown|empty|blank|\(null\)|n\/a|<[^<>]{0,40}>|\[(?:redacted|secret)[^\]]{0,40}\]?|\*{1,8}redacted\*{1,8}|redacted|filtered|removed|masked|%[\w()]{1,40}%|%\d|\$\{[^}]{0,60}\}?|\$\([^)]{0,60}\)?|\$[a-z_][\w:.]{0,40}|\{\{[^}]{0,60}\}{0,2})$/i;
const QUOTES = ['\\\\\\"', '\\"', "\\'", '"', "'", "`"];
/** Up to a blank or a quotation mark; an apostrophe within a word and a `<` that opens no tag belong to it. */
const RUN = /(?:[^\s"'`<]|'(?=[A-Za-z0-9])|<(?![/A-Za-z!?])){1,4096}/y;
const NEXT_PAIR = /[,;&|][\s"'\\]{0,3}(?:[\w.$-][\w.$ -]{0,40}[=:]|$|\s)/g;

export function isPlaceholder(value: string): boolean {
  return value === "" || PLACEHOLDER.test(value);
}

/** The value of `name=value`, `"name": "value"`, `<name>value<`: quoted, or up to what ends a pair. */
export function assignedAt(text: string, at: number): Found | null {
  const quoted = quotedAt(text, at);
  if (quoted) return quoted;
  const run = runAt(text, at, RUN);
  if (!run) return null;
  const value = text.slice(run.start, run.end);
  NEXT_PAIR.lastIndex = 0;
  const pair = NEXT_PAIR.exec(value);
  return trimmed(text, { start: at, end: pair ? at + pair.index : run.end });
}

/** An argument of a command line, also as one item of a list: quoted, or up to the next blank. */
export function argumentAt(text: string, at: number): Found | null {
  const quoted = quotedAt(text, at);
  if (quoted) return quoted;
  const run = runAt(text, at, RUN);
  return run && trimmed(text, run);
}

/** A header's value: up to the end of the line or of the quotes around it. */
export function lineAt(text: string, at: number): Found | null {
  const run = runAt(text, at, /(?:[^"'\r\n\\<>\u0000]|\\(?![rn"'])){1,8000}/y);
  if (!run) return null;
  const value = text.slice(run.start, run.end);
  return { start: run.start, end: run.end - (value.length - value.trimEnd().length) };
}

/** The password of `scheme://user:password@host`, `at` being behind the colon. */
export function urlPasswordAt(text: string, at: number): Found | null {
  const run = runAt(text, at, /[^\s"'`<>]{1,1000}/y);
  if (!run) return null;
  const value = text.slice(run.start, run.end);
  const slash = value.indexOf("/");
  const authority = slash === -1 ? value : value.slice(0, slash);
  const sign = authority.lastIndexOf("@");
  const end = sign > 0 ? sign : value.indexOf("@");
  if (end <= 0 || /^\d{1,5}\//.test(value)) return null;
  return { start: at, end: at + end };
}

/** Letters and digits, or letters up and down, and many: what a token has and a sentence about one has not. */
export function isStrong(value: string): boolean {
  const turns = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return (
    value.length >= 16 &&
    /[a-z]/i.test(value) &&
    (/\d/.test(value) || turns >= 6) &&
    !/^\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?$/i.test(value)
  );
}

function quotedAt(text: string, at: number): Found | null {
  const quote = QUOTES.find((mark) => text.startsWith(mark, at));
  if (quote === undefined) return null;
  const start = at + quote.length;
  const limit = Math.min(text.length, start + VALUE_MAX);
  for (let end = start; end < limit; end++) {
    const c = text.charAt(end);
    if (c === "\n") return { start, end };
    if (text.startsWith(quote, end)) {
      // A lone quotation mark closes only when it is not escaped itself.
      if (quote.length > 1 || !isEscaped(text, start, end)) return { start, end };
    }
  }
  return { start, end: limit };
}

function isEscaped(text: string, start: number, at: number): boolean {
  let marks = 0;
  while (at - marks - 1 >= start && text.charAt(at - marks - 1) === "\\") marks++;
  return marks % 2 === 1;
}

function runAt(text: string, at: number, run: RegExp): Found | null {
  run.lastIndex = at;
  const found = run.exec(text);
  return found ? { start: at, end: at + found[0].length } : null;
}

/** A sentence's or a bracket's end is not part of the value. */
function trimmed(text: string, { start, end }: Found): Found | null {
  let last = end;
  while (last > start && ",;\\".includes(text.charAt(last - 1))) last--;
  const opens = text.slice(start, last);
  if (/[)\]}]$/.test(opens) && !/[([{]/.test(opens)) last--;
  return last > start ? { start, end: last } : null;
}
