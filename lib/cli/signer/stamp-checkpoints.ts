import type { StampStore, TrailLog } from "#lib/trail/log.ts";
import { askTsa, type Tsa } from "./ask-tsa.ts";

export type StampStep =
  | { did: "nothing" }
  | { did: "stamped"; size: number; at: number }
  /** `isNews` is false while the same failure lasts. */
  | { did: "failed"; reason: string; isNews: boolean };
export type Stamper = { step: () => Promise<StampStep> };

const HOUR_MS = 3_600_000;
const AGAIN_MS = 60_000;

type Options = { log: TrailLog; stamps: StampStore; tsa: Tsa; now?: () => number };

/** Has the newest checkpoint stamped once an hour, when it is another than the last that was. */
export function openStamper({ log, stamps, tsa, now = Date.now }: Options): Stamper {
  let failure: string | null = null;
  let nextAt = 0;
  return {
    async step() {
      if (now() < nextAt) return { did: "nothing" };
      try {
        const [newest, last] = [await log.last(), await stamps.last()];
        if (newest === null || (last !== null && newest.size <= last.size))
          return { did: "nothing" };
        if (last !== null && now() < last.at + HOUR_MS) {
          nextAt = last.at + HOUR_MS;
          return { did: "nothing" };
        }
        const { token, at } = await askTsa(tsa, newest.note);
        await stamps.save({ size: newest.size, token, at });
        failure = null;
        nextAt = now() + HOUR_MS;
        return { did: "stamped", size: newest.size, at };
      } catch (error) {
        const reason = (error as Error).message;
        const isNews = failure !== reason;
        failure = reason;
        nextAt = now() + AGAIN_MS;
        return { did: "failed", reason, isNews };
      }
    },
  };
}
