import { findSecrets } from "./find-secrets.ts";
import { prosePasswords } from "./prose-passwords.ts";
import { mergeSpans } from "./spans.ts";
import { secretMark } from "./tokens.ts";

/**
 * A text a person wrote, with what is recognised as a secret replaced by marks: for what is stored and shown, where
 * a password typed by mistake must not stand.
 */
export function maskSecrets(text: string): string {
  let out = "";
  let from = 0;
  mergeSpans([...findSecrets(text), ...prosePasswords(text)]).forEach(
    ({ start, end, kind }, at) => {
      out += text.slice(from, start) + secretMark(kind, at + 1);
      from = end;
    },
  );
  return out + text.slice(from);
}
