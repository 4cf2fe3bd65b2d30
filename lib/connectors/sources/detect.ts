import type { SentFormat } from "#lib/domain/evidence/record.ts";
import { isElasticEcs } from "./elastic-ecs.ts";
import { isGraphSecurity } from "./graph-security.ts";
import { isOcsf } from "./ocsf.ts";
import { isSentinel } from "./sentinel.ts";
import { isSuricataEve } from "./suricata-eve.ts";
import type { Obj } from "./values.ts";
import { isWindowsEvent } from "./windows-shape.ts";

/** Most telling shapes first: an OCSF event may carry anything, ECS keys occur in many records. */
const RECOGNISERS: [SentFormat, (o: Obj) => boolean][] = [
  ["ocsf", isOcsf],
  ["graph-security", isGraphSecurity],
  ["sentinel", isSentinel],
  ["windows-event", isWindowsEvent],
  ["suricata-eve", isSuricataEve],
  ["elastic-ecs", isElasticEcs],
];

/** The format of a record by its shape; whatever has no known shape is `generic`. */
export function detectFormat(o: Obj): SentFormat {
  return RECOGNISERS.find(([, recognises]) => recognises(o))?.[0] ?? "generic";
}

/** True when a record looks like the format its source was set to. */
export function looksLike(o: Obj, format: SentFormat): boolean {
  if (format === "generic") return true;
  return RECOGNISERS.find(([name]) => name === format)?.[1](o) ?? false;
}
