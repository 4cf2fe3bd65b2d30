import type { Pattern } from "./patterns.ts";

const NOT_LOGON =
  /\b(?:access|mask|status|code|error|flags?|offset|address|result|rights|privileges?|value|return(?:ed|s)?|hresult|ntstatus)[ :="'(]{1,3}(?:of )?$/i;

const SEPARATED = /(?:,? and|,? or|,|\/) ?(?=\d|0x)/y;

/** Numbers that only the word beside them tells apart: process ids, ports, event and logon ids. */
export const NUMBER_PATTERNS: Pattern[] = [
  {
    type: "event_code",
    regex:
      /\b(?:event[ -]?(?:ids?|codes?)|eids?|events?|eventid|eventcode)(?: (?:number|of))?[ :=#]{1,3}(\d{1,6})(?![\w:]|[.,]\d| (?:of|events|times)\b)/gi,
    group: 1,
    needs: /e(?:vent|id)/i,
    list: true,
  },
  {
    type: "pid",
    regex:
      /\b(?:ppids?|pids?|process[ -]?ids?|processid|parent process ids?)(?: (?:of|is|was))?[ :=#(]{0,3}(0x[0-9a-f]{1,8}|\d{1,7})(?![\w]|[.,]\d)/gi,
    group: 1,
    needs: /pid|process/i,
    list: true,
  },
  {
    type: "pid",
    regex: /\.(?:exe|dll|sys|com|bin|elf|sh|py) ?[([](\d{1,7})[)\]]/gi,
    group: 1,
    needs: /[([]\d/,
  },
  {
    type: "port",
    regex:
      /\b(?:(?:source|destination|remote|local|src|dst|dest|tcp|udp|listening)[ _-]?)?ports?(?: number)?(?: of)?[ :=#(]{0,3}(?:(?:tcp|udp)[ /])?(\d{1,5})(?![\w:]|[.,]\d)/gi,
    group: 1,
    needs: /port|tcp|udp|sctp/i,
    list: true,
  },
  {
    type: "port",
    regex: /\b(?:tcp|udp|sctp)[ /:](\d{1,5})(?![\w:]|[.,]\d)/gi,
    group: 1,
    needs: /port|tcp|udp|sctp/i,
  },
  {
    type: "port",
    regex: /(?<![\w.,:/-])(\d{1,5})(?=\/(?:tcp|udp|sctp)\b)/gi,
    group: 1,
    needs: /\d\//,
  },
  { type: "port", regex: /(?<=[\w\]]):(\d{1,5})(?![\w:]|\.\d)/g, group: 1, needs: /:\d/ },
  {
    type: "logon_id",
    regex:
      /\blog(?:on|in)[ -]?(?:ids?|sessions?(?: ids?)?|guids?)(?: of)?[ :=#(]{0,3}(0x[0-9a-f]{1,16}|\d{2,12})(?![\w]|[.,]\d)/gi,
    group: 1,
    needs: /log(?:on|in)/i,
  },
  {
    type: "logon_id",
    regex: /(?<![\w.-])0x[0-9a-f]{1,16}(?![\w-])/gi,
    needs: /0x/i,
    read: (found, text, start) =>
      /^0x[c8]0[0-9a-f]{6}$/i.test(found) ||
      NOT_LOGON.test(text.slice(Math.max(0, start - 24), start))
        ? "name"
        : "logon_id",
  },
];

/**
 * The further numbers of a list whose first one a word has typed ("PIDs 4120, 5300 and 0x1A4"), from
 * where that first one ends: `[start, end)` of each. At most 20.
 */
export function furtherNumbers(text: string, end: number): [number, number][] {
  const found: [number, number][] = [];
  let at = end;
  while (found.length < 20) {
    SEPARATED.lastIndex = at;
    if (!SEPARATED.test(text)) break;
    const start = SEPARATED.lastIndex;
    const number =
      /^(?:0x[0-9a-f]{1,8}|\d{1,7})(?![\w:%]|[.,]\d| ?(?:[a-z]{4,}s\b|ms\b|min\b))/i.exec(
        text.slice(start, start + 30),
      );
    if (!number) break;
    at = start + number[0].length;
    found.push([start, at]);
  }
  return found;
}
