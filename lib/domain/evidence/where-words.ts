import { isFieldName } from "./fields.ts";

/** One term of a verifier's query as a reader would say it: "host", "is", "WS-014". */
export type WhereWord = { field: string; sign: string; value: string };

const HEAD = /^([a-z][a-z0-9_.]{0,40})(!=|>=|<=|=)/;
const JOIN = " & ";
const PSEUDO = new Set(["kind", "source", "format", "time", "time.quality", "id"]);

/**
 * A query such as `host=WS-014 & outcome!=failure`, term by term, for the eye only: the server reads and judges it.
 * Empty for the query of every record; null for one that is not written the way queries are.
 */
export function whereWords(where: string): WhereWord[] | null {
  const words: WhereWord[] = [];
  let rest = where.trim();
  while (rest !== "") {
    const [whole, field, sign] = HEAD.exec(rest) ?? [];
    if (whole === undefined || !field || !sign || !isAskable(field)) return null;
    const after = rest.slice(whole.length);
    const value = after.startsWith('"') ? quotedValue(after) : null;
    const length = value === null ? bareLength(after) : value.length;
    const bare = after.slice(0, length).trim();
    const inner = value?.text ?? /^"(.*)"$/s.exec(bare)?.[1];
    if (bare === "") return null;
    words.push(wordOf(field, sign, inner ?? bare, inner !== undefined));
    rest = after.slice(length);
    if (rest.startsWith(JOIN)) rest = rest.slice(JOIN.length).trimStart();
    else if (rest.trim() !== "") return null;
  }
  return words;
}

/** Without what goes without saying: that a field is known, where its value is asked for. */
export function tellingWords(words: readonly WhereWord[]): WhereWord[] {
  const asked = new Set(words.filter(({ value }) => value !== "").map(({ field }) => field));
  return words.filter(({ field, sign }) => sign !== "is known" || !asked.has(field));
}

/** "host is WS-014 and outcome is not failure"; "every record" for the query of all. */
export function whereSentence(words: readonly WhereWord[]): string {
  if (words.length === 0) return "every record";
  return tellingWords(words)
    .map(({ field, sign, value }) => [field, sign, value].filter(Boolean).join(" "))
    .join(" and ");
}

function wordOf(field: string, sign: string, value: string, quoted: boolean): WhereWord {
  const name = field.replaceAll(/[._]/g, " ");
  if (value === "*" && !quoted && sign === "=") return { field: name, sign: "is known", value: "" };
  if (value === "*" && !quoted && sign === "!=")
    return { field: name, sign: "is missing", value: "" };
  const isTime = field === "time";
  const signs: Record<string, string> = {
    "=": "is",
    "!=": "is not",
    ">=": isTime ? "from" : "is at least",
    "<=": isTime ? "until" : "is at most",
  };
  return { field: name, sign: signs[sign] ?? sign, value };
}

function isAskable(field: string): boolean {
  return isFieldName(field) || PSEUDO.has(field);
}

function quotedValue(text: string): { text: string; length: number } | null {
  const length = /^"(?:[^"\\]|\\.)*"/s.exec(text)?.[0].length;
  if (length === undefined) return null;
  const rest = text.slice(length);
  if (rest.trim() !== "" && !rest.startsWith(JOIN)) return null;
  try {
    const value: unknown = JSON.parse(text.slice(0, length));
    return typeof value === "string" ? { text: value, length } : null;
  } catch {
    return null;
  }
}

/** A bare value ends where the next term begins. */
function bareLength(text: string): number {
  for (let at = text.indexOf(JOIN); at >= 0; at = text.indexOf(JOIN, at + 1)) {
    const next = HEAD.exec(text.slice(at + JOIN.length, at + JOIN.length + 48).trimStart());
    if (next?.[1] && isAskable(next[1])) return at;
  }
  return text.length;
}
