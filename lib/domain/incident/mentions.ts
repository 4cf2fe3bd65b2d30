/** As many people as one note may name; whom it names beyond is not told. */
export const MENTIONS_MAX = 20;

const LETTER = /[\p{L}\p{N}_]/u;

/**
 * Whom a text names with `@` and their whole name, in the order of the people. Of two names that begin alike the longer
 * one is meant; two people of one name are both meant.
 */
export function mentionedIn<T extends { name: string }>(text: string, people: readonly T[]): T[] {
  const names = [...new Set(people.map(({ name }) => name.toLowerCase()))]
    .filter((name) => name !== "")
    .toSorted((a, b) => b.length - a.length);
  const lower = text.toLowerCase();
  const found = new Set<string>();
  for (let at = lower.indexOf("@"); at >= 0; at = lower.indexOf("@", at + 1)) {
    // an address of mail is no mention
    if (at > 0 && LETTER.test(lower.charAt(at - 1))) continue;
    const name = names.find(
      (each) => lower.startsWith(each, at + 1) && !LETTER.test(lower.charAt(at + 1 + each.length)),
    );
    if (name !== undefined) found.add(name);
  }
  return people.filter(({ name }) => found.has(name.toLowerCase())).slice(0, MENTIONS_MAX);
}

/** What is being typed after an `@` right before the cursor: where the `@` stands, and the words so far; null: nothing. */
export function mentionAt(text: string, cursor: number): { start: number; typed: string } | null {
  const before = text.slice(0, cursor);
  const start = before.lastIndexOf("@");
  if (start < 0 || (start > 0 && LETTER.test(before.charAt(start - 1)))) return null;
  const typed = before.slice(start + 1);
  return typed.length > 60 || /[\n@]/.test(typed) ? null : { start, typed };
}

/** Those whose name, or a later part of it, begins so; nobody once a whole name and more stands there. */
export function namedLike<T extends { name: string }>(people: readonly T[], typed: string): T[] {
  const wanted = typed.toLowerCase();
  const begins = (text: string) => text.toLowerCase().startsWith(wanted);
  return people.filter(
    ({ name }) => begins(name) || name.split(/\s+/).some((part) => begins(part)),
  );
}
