/** What a person sees while something starts: one line a step, with the time it took. */

const tty = process.stdout.isTTY;
const dim = (text: string) => (tty ? `\u001b[2m${text}\u001b[22m` : text);
const bold = (text: string) => (tty ? `\u001b[1m${text}\u001b[22m` : text);

/** Runs a step and prints its name, then its time; `note` lines may be printed while it runs. */
export async function step<T>(
  name: string,
  run: (note: (text: string) => void) => Promise<T>,
): Promise<T> {
  const startedAt = performance.now();
  process.stdout.write(`  ${name} ...${tty ? "" : "\n"}`);
  let noted = false;
  const note = (text: string) => {
    if (tty) process.stdout.write(`\r\u001b[2K  ${name} ... ${dim(text)}`);
    else process.stdout.write(`    ${text}\n`);
    noted = true;
  };
  const result = await run(note);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const line = `  ${name} ${dim(`${seconds} s`)}\n`;
  process.stdout.write(tty ? `\r\u001b[2K${line}` : noted ? line : line);
  return result;
}

/** A frame around lines, as wide as the widest of them. */
export function box(lines: string[]): string {
  const width = Math.max(...lines.map((line) => line.length));
  const rule = "\u2500".repeat(width + 2);
  const body = lines.map((line) => `\u2502 ${line.padEnd(width)} \u2502`);
  return [`\u250c${rule}\u2510`, ...body, `\u2514${rule}\u2518`].join("\n");
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function heading(text: string): void {
  process.stdout.write(`\n${bold(text)}\n`);
}

/** Something the person at the keyboard can mend: one clear sentence, exit code 1. */
export class StartError extends Error {
  override name = "StartError";
}
