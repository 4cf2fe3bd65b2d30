/** One immutable prompt text. A change is a new file with the next version and a reason. Public: holds no secret. */
export type Prompt = { name: string; version: number; reason: string; text: string };
