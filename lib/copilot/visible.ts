import { hasHidden, visibleText } from "#lib/domain/evidence/display.ts";

// what display.ts shows by name, but for line feeds and tabs, which JSON escapes anyway
const HIDDEN =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu;
const MARK = /\u27E8U\+([0-9A-F]{4,6})\u27E9/g;

/** Text without the characters that show nothing or reorder what is shown; line feeds and tabs stay. */
export function withoutHidden(text: string): string {
  return text.replace(HIDDEN, "");
}

/** How many characters of `text` a screen shows by name (line feeds and tabs aside). */
export function countHidden(text: string): number {
  if (!hasHidden(text)) return 0;
  return text.match(HIDDEN)?.length ?? 0;
}

/**
 * Text from evidence as a model gets it: what hides is written out as on screen, `⟨U+202E⟩`, so that the model reads
 * what a person reads. Where something has to be replaced before sending, hidden characters are taken out instead:
 * a secret with a zero-width character in it is still a secret.
 */
export function modelText(text: string, replace: (text: string) => string): string {
  const bare = withoutHidden(text);
  const replaced = replace(bare);
  if (bare.length === text.length || replaced !== bare) return replaced;
  return text.split("\n").map(visibleKeepingTabs).join("\n");
}

/** The inverse for a quotation: each `⟨U+202E⟩` becomes the character it names again. */
export function withHiddenBack(quote: string): string {
  return quote.replace(MARK, (mark, hex: string) => {
    const point = Number.parseInt(hex, 16);
    const char = point <= 0x10ffff ? String.fromCodePoint(point) : mark;
    return char !== mark && withoutHidden(char) === "" ? char : mark;
  });
}

function visibleKeepingTabs(line: string): string {
  return line.split("\t").map(visibleText).join("\t");
}
