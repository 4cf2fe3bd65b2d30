import type { DemoSourceName } from "../sources.ts";

/** One request to `POST /api/alerts`, as the source would send it. */
export type NightRequest = { source: DemoSourceName; incidentKey?: string; body: string };

/** Moments of the night, told in minutes and seconds after it began. */
export type Clock = (minutes: number, seconds?: number) => Date;

export function clockFrom(nightStart: Date): Clock {
  return (minutes, seconds = 0) =>
    new Date(nightStart.getTime() + minutes * 60_000 + Math.round(seconds * 1000));
}

/** One JSON object a line. */
export function lines(records: readonly object[]): string {
  return `${records.map((record) => JSON.stringify(record)).join("\n")}\n`;
}

/** Numbers that look random and are the same every night. */
export function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** A digest-like text of `length` hex digits, the same for the same words. */
export function hexOf(words: string, length: number): string {
  let seed = 0x811c9dc5;
  for (const char of words) seed = Math.imul(seed ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const roll = dice(seed);
  return Array.from({ length }, () => roll(16).toString(16)).join("");
}

/** A GUID-like text, the same for the same words. */
export function guidOf(words: string): string {
  const hex = hexOf(words, 32);
  return [8, 12, 16, 20, 32].map((end, i) => hex.slice([0, 8, 12, 16, 20][i], end)).join("-");
}

/** An id that is new every night, so that the next demo is not taken for a copy of this one. */
export function idOn(night: Date, words: string): string {
  return guidOf(`${night.toISOString().slice(0, 16)} ${words}`);
}
