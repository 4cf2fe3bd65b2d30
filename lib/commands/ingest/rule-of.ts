import { reachOf } from "#lib/domain/alert/rules.ts";
import { shortKey } from "./prepare.ts";
import type { PreparedRecord } from "./prepare.ts";

/**
 * The rule of this source that an alert comes from and the private address it fired on, as one value: what
 * makes a sensor's thousand identical alerts about one machine one matter. A public address ties on its own
 * account. Null for events, and when either is unknown.
 */
export function ruleOf(sourceId: string, { record }: PreparedRecord): string | null {
  if (record.kind !== "alert") return null;
  // Name first: some products write their own name where the rule's id belongs.
  const rule = one(record.fields["rule.name"]) ?? one(record.fields["rule.id"]);
  const sender = one(record.fields["source.ip"]);
  if (rule === null || sender === null || reachOf({ type: "ip", value: sender }) !== "shared")
    return null;
  return shortKey(`${sourceId} ${sender} ${rule}`);
}

function one(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : null;
}
