import { gzipSync } from "node:zlib";

/** The most JavaScript that a screen's first load should be, in kB of 1,000 bytes, compressed with gzip. */
export const FIRST_LOAD_KB = { queue: 200, incident: 260 } as const;
/** What the check holds it to as long as that is missed: what it is, and 2 of 100 more. It only ever gets lower. */
export const FIRST_LOAD_HELD_KB = { queue: 234, incident: 254 } as const;

export type Script = { path: string; bytes: number };

/**
 * The scripts that a page names in its HTML, for its tags and for the parts that its first render takes in; without
 * those for browsers that know no modules. Paths of this server, each once.
 */
export function scriptsNamed(html: string): string[] {
  const legacy = new Set(
    [...html.matchAll(/<script[^>]*\snomodule[^>]*>/gi)].flatMap(([tag]) => chunksIn(tag)),
  );
  return [...new Set(chunksIn(html))].filter((path) => !legacy.has(path)).toSorted();
}

const CHUNK = /\/_next\/static\/chunks\/[^"'\\<>\s?]+?\.js/g;

function chunksIn(text: string): string[] {
  return [...text.matchAll(CHUNK)].map(([path]) => path);
}

/** What the scripts that a page names weigh compressed, the heaviest first; `read` gives the text at a path. */
export async function weigh(
  html: string,
  read: (path: string) => Promise<string>,
): Promise<Script[]> {
  const scripts = await Promise.all(
    scriptsNamed(html).map(async (path) => ({ path, bytes: gzipSync(await read(path)).length })),
  );
  return scripts.toSorted((a, b) => b.bytes - a.bytes);
}

/** In kB of 1,000 bytes, of one decimal. */
export function kilobytes(scripts: readonly Script[]): number {
  return Math.round(scripts.reduce((sum, { bytes }) => sum + bytes, 0) / 100) / 10;
}
