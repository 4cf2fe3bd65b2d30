const LATER = /^(.+)\/([1-9]\d{0,5})$/;

/**
 * A log that was frozen goes on under another name: `x` as `x/2`, that as `x/3`. These are the names such a log had
 * before this one, the newest first; none for a first name.
 */
export function earlierOrigins(origin: string): string[] {
  const [, first, number] = LATER.exec(origin) ?? [];
  if (first === undefined || Number(number) < 2) return [];
  return Array.from({ length: Number(number) - 1 }, (_, n) => Number(number) - 1 - n).map((n) =>
    n === 1 ? first : `${first}/${n}`,
  );
}

/** The name under which a frozen log goes on. */
export function nextOrigin(origin: string): string {
  const earlier = earlierOrigins(origin);
  return `${earlier.at(-1) ?? origin}/${earlier.length + 2}`;
}

/** Whether `name` is the log's name or one it had before. */
export function isNameOf(name: string, origin: string): boolean {
  return name === origin || earlierOrigins(origin).includes(name);
}
