import type { Actor } from "#lib/commands/actor.ts";
import { addSource, at, ingest, observables } from "#lib/commands/ingest-fixtures.ts";
import { enrolPerson } from "#lib/db/seed-people.ts";
import { testDatabase } from "#lib/db/testing.ts";
import type { TestDatabase } from "#lib/db/testing.ts";

/** A desk with an analyst, a queue of 23 incidents, and one incident of 450 events and an alert. */
export type DeskWorld = {
  database: TestDatabase;
  source: { id: string; name: string };
  ana: Actor;
  caseId: string;
};

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;

export async function deskWorld(): Promise<DeskWorld> {
  const database = await testDatabase();
  const source = await addSource(database.web, "edr");
  const id = await enrolPerson(database.owner, {
    email: "ana@desk.test",
    name: "Ana",
    role: "analyst",
    password: "a long password",
  });
  const ana: Actor = { kind: "person", session: null, id, role: "analyst" };
  const alerts = Array.from({ length: 23 }, (_, n) => ({
    recordId: `q${n}`,
    title: `Beacon number ${n}`,
    severity: SEVERITIES[n % 4],
    time: at("02:00:00"),
    observables: observables(`host:queue-${n}`, "domain:evil.example"),
  }));
  for (const alert of alerts) await ingest(database.web, source, [alert], alert.recordId);
  const events = Array.from({ length: 450 }, (_, n) => ({
    recordId: `t${n}`,
    kind: "event",
    title: `process created: step ${n}`,
    // Every third has no time; many share one.
    time:
      n % 3 === 0
        ? null
        : at(`02:${String(Math.floor(n / 60)).padStart(2, "0")}:${String(n % 7).padStart(2, "0")}`),
    fields: { "process.command_line": `tool.exe --step ${n}` },
    observables: observables("host:case-host", `ip:198.51.100.${n % 20}`),
  }));
  const result = await ingest(
    database.web,
    source,
    [
      ...events,
      {
        recordId: "ta",
        time: at("02:03:00"),
        severity: "high",
        title: "Case alert",
        observables: observables("host:case-host"),
      },
    ],
    "CASE",
  );
  return { database, source, ana, caseId: result.incidents[0]!.id };
}
