export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** Text for LIKE: its wildcards stand for themselves. */
export function likeText(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}

/** The same, anywhere in a text. */
export function likePattern(text: string): string {
  return `%${likeText(text)}%`;
}

export function iso(time: Date): string;
export function iso(time: Date | null): string | null;
export function iso(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
