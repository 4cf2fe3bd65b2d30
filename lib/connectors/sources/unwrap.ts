import { at, embedded, isObj } from "./values.ts";
import type { Obj } from "./values.ts";

/** Envelopes never nest deeper than this in the wild. */
const LAYERS = 3;

/**
 * The event inside an envelope: `{"body":"{..}"}`, a raw log entry, a Splunk result with `_raw`, an
 * EventBridge event with `detail`. Only how the record is read; its bytes are kept whole.
 */
export function unwrap(o: Obj): Obj {
  let current = o;
  for (let layer = 0; layer < LAYERS; layer++) {
    const inner = insideOf(current);
    if (inner === null) return current;
    current = inner;
  }
  return current;
}

function insideOf(o: Obj): Obj | null {
  const keys = Object.keys(o);
  if (keys.length > 12) return null;
  if (typeof o.body === "string") return objectIn(o.body);
  if (typeof o.data === "string" && ("collection_time" in o || keys.length <= 2))
    return objectIn(o.data);
  if (
    isObj(o.result) &&
    keys.every((key) => ["result", "preview", "offset", "lastrow"].includes(key))
  ) {
    return o.result;
  }
  const raw = at(o, "_raw");
  if (typeof raw === "string") return objectIn(raw);
  if (isObj(o.detail) && "detail-type" in o) {
    return { ...o.detail, time: o.detail.eventTime ?? o.time };
  }
  return null;
}

function objectIn(json: string): Obj | null {
  const value = embedded(json);
  return isObj(value) && !Object.hasOwn(value, "__proto__") ? value : null;
}
