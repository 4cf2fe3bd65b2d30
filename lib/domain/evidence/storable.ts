const NULLS = /\u0000/g;

/**
 * Text as Postgres can keep it: U+0000 becomes U+2400 and a lone surrogate U+FFFD. Raw bytes are kept
 * beside it, so nothing is lost.
 */
export function storableText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\u0000") ? whole.replace(NULLS, "\u2400") : whole;
}

/** Plain JSON whose every text Postgres can keep; what JSON has no word for (NaN) becomes null. */
export function storableJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === "string" ? storableText(inner) : inner,
  ) as T;
}
