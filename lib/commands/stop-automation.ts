import type { Db } from "#lib/db/prisma.ts";
import { transact } from "#lib/db/transaction.ts";
import type { IncidentType } from "#lib/domain/decision/policy.ts";
import type { Actor } from "./actor.ts";
import { withGuards } from "./guard-problem.ts";

/** Where autonomy is taken back. */
export type StopScope =
  | { scope: "global" }
  | { scope: "incident_type"; incidentType: IncidentType }
  | { scope: "incident"; incidentId: string };
export type StopAutomationInput = StopScope & { reason: string };

/** Stops what runs by itself, from the commit on. Pressed twice it is one stop. Throws Problem `role_too_low`. */
export async function stopAutomation(
  db: Db,
  input: StopAutomationInput,
  by: Actor,
): Promise<{ stopId: string }> {
  const type = input.scope === "incident_type" ? input.incidentType : null;
  const incidentId = input.scope === "incident" ? input.incidentId : null;
  return withGuards(() =>
    transact(db, by, async (tx) => {
      const rows = await tx.$queryRaw<{ id: string }[]>`
        SELECT gate.stop_automation(${by.id}::uuid, ${input.scope}, ${type}, ${incidentId}::uuid, ${input.reason}) AS id`;
      return { stopId: rows[0]!.id };
    }),
  );
}
