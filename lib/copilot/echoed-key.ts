/** A server may echo the key that it was sent, in any text of its answer. */

/** Anything shorter stands in texts by chance. */
const KEY_CHARACTERS_MIN = 8;

export const KEY_WORDS = "[the key]";
export const KEY_REPEATED = "it repeats the key of the model's server";

export function holdsKey(text: string, key: string | null): boolean {
  return key !== null && key.length >= KEY_CHARACTERS_MIN && text.includes(key);
}

/** `text` without the key. To be called before a text is cut, or the beginning of the key is left. */
export function withoutKey(text: string, key: string | null): string {
  return key !== null && holdsKey(text, key) ? text.replaceAll(key, KEY_WORDS) : text;
}
