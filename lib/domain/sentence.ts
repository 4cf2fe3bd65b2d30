/** Sentences of the product's own in which somebody else's words stand: never one string, so that no screen can blur them. */

/** What a person, a source or a model wrote. */
export type Said = { said: string };
export type Sentence = string | readonly (string | Said)[];

export function said(text: string): Said {
  return { said: text };
}

/** A template whose strings are the product's own; what somebody else wrote goes in as `said(...)`. */
export function sentence(
  own: TemplateStringsArray,
  ...values: (string | number | Said)[]
): Sentence {
  return own
    .flatMap((part, n) => {
      const value = values[n];
      return value === undefined ? [part] : [part, typeof value === "number" ? `${value}` : value];
    })
    .filter((part) => part !== "");
}

/** As one string, for a file of data, where nothing else tells the voices apart. */
export function plainSentence(given: Sentence): string {
  if (typeof given === "string") return given;
  return given.map((part) => (typeof part === "string" ? part : part.said)).join("");
}

/**
 * A point of a list, which begins with "- " in the product's own words, or with "! " where it is to be looked at;
 * without that beginning. Null when it is none.
 */
export function asPoint(given: Sentence): { sentence: Sentence; isWarning: boolean } | null {
  const [first, ...rest] = typeof given === "string" ? [given] : given;
  const mark = typeof first === "string" ? /^([-!]) /.exec(first)?.[1] : undefined;
  if (typeof first !== "string" || mark === undefined) return null;
  return { sentence: [first.slice(2), ...rest], isWarning: mark === "!" };
}
