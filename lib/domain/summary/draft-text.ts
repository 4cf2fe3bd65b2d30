/**
 * What a draft comes to as a text to send: its claims, one a line, in their order. The thread tells by it whether
 * a person sent a draft as it was (lib/queries/thread-sql.ts writes the same in SQL).
 */
export function draftText(claims: readonly { text: string }[]): string {
  return claims.map(({ text }) => text).join("\n");
}
