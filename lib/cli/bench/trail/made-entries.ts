import { randomBytes, randomUUID } from "node:crypto";
import { canonicalJson } from "#lib/trail/canonical.ts";
import type { EntryParts } from "./write-log.ts";

const KINDS = ["evidence.read", "incident.assigned", "note.added", "session.started"];
const PEOPLE = 50;
const ENTRIES_AN_INCIDENT = 500;
const SENTENCE =
  "The account signed in from two places within a minute, and the host was isolated. ";
const STEP_MS = 1;

/** Entries as a busy desk leaves them: three of four belong to an incident, from `from` (ms) on. */
export function* madeEntries(count: number, from = Date.now()): Generator<EntryParts> {
  const people = Array.from({ length: PEOPLE }, () => `person:${randomUUID()}`);
  const incidents = Array.from({ length: Math.ceil(count / ENTRIES_AN_INCIDENT) }, () =>
    randomUUID(),
  );
  for (let n = 0; n < count; n += 1) {
    const kind = KINDS[n % KINDS.length]!;
    yield {
      at: new Date(from + n * STEP_MS).toISOString().replace("Z", "000Z"),
      kind,
      actor: people[(n * 7) % PEOPLE]!,
      role: "countersign_web",
      incident: kind === "session.started" ? null : incidents[(n * 31) % incidents.length]!,
      session: randomBytes(8).toString("hex"),
      onBehalf: null,
      payload: canonicalJson({ n, of: randomUUID(), text: SENTENCE.repeat(1 + (n % 7)) }),
      salt: randomBytes(32),
    };
  }
}
