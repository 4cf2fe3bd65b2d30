/** Words put where a system repeated a credential. */
const WITHHELD = "[withheld]";
/** Anything shorter stands in texts by chance. */
const CHARACTERS_MIN = 8;

/** A credential that no log, message or JSON shows; `reveal` is called where it goes on the wire and nowhere else. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

/** `text` without any of `secrets`. To be called before a text is cut, or the beginning of one is left. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= CHARACTERS_MIN)
    .reduce((rest, secret) => rest.replaceAll(secret, WITHHELD), text);
}

/**
 * A system's own error code, when it has the form of one (`ResourceNotFound`, `E0000007`, `429`) and is no piece of a
 * credential; otherwise null.
 */
export function cleanCode(value: unknown, secrets: readonly string[]): string | null {
  const code = typeof value === "number" ? String(value) : value;
  if (typeof code !== "string" || !/^[A-Za-z0-9][\w.-]{0,59}$/.test(code)) return null;
  const isPiece = (secret: string): boolean =>
    secret.includes(code) ? code.length >= CHARACTERS_MIN : code.includes(secret);
  return secrets.some((secret) => secret !== "" && isPiece(secret)) ? null : code;
}
