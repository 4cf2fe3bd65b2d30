/** One immutable prompt text. A change is a new file with the next version and a reason. Public: holds no secret. */
export type Prompt = { name: string; version: number; reason: string; text: string };

/** `summarise/1`: how a prompt is named on the trail and on the screen. */
export function promptLabel({ name, version }: Pick<Prompt, "name" | "version">): string {
  return `${name}/${version}`;
}
