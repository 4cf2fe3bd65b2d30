import { reachOf } from "#lib/domain/alert/rules.ts";
import { shortKey } from "./prepare.ts";
import type { PreparedRecord } from "./prepare.ts";

/**
 * The rule of this source that an alert comes from and the address it fired on, as one value: what makes a
 * sensor's thousand identical alerts about one machine one matter. Null for events, and when either is unknown.
 */
export function ruleOf(sourceId: string, { record }: PreparedRecord): string | null {
  if (record.kind !== "alert") return null;
  const rule = one(record.fields["rule.id"]) ?? one(record.fields["rule.name"]);
  const sender = one(record.fields["source.ip"]);
  if (rule === null || sender === null || reachOf({ type: "ip", value: sender }) === "none") return null;
  return shortKey(`${sourceId} ${sender} ${rule}`);
}

function one(value: unknown): string | null {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : null;
}
