import { randomUUID } from "node:crypto";
import { neverChanging } from "./testing-attacks-fixed.ts";
import { guard } from "./testing-moves.ts";
import { makeEvidence, makeIncident } from "./testing-people.ts";
import type { TestPerson } from "./testing-people.ts";
import type { Sql } from "./testing-gate.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

/** Attacks on who pins what. */
export const PIN_ATTACKS: Attack[] = [
  ...neverChanging(["record_pin", "at"]),
  ...neverChanging(["record_unpin", "at"]),
  guard(
    "G2",
    "whoever pins",
    "a machine pins",
    pinning((w) => w.machine),
  ),
  guard(
    "G2",
    "whoever pins",
    "someone who has left pins",
    pinning((w) => w.gone),
  ),
  {
    ...guard("G2", "whoever pins", "the owner's own pin by nobody", (w) =>
      undone(w.owner, async (client) =>
        pin(client, { ...(await record(w)), personId: randomUUID() }),
      ),
    ),
    notices: "check_pinner on record_pin",
  },
  {
    ...guard("G2", "whoever pins", "the owner takes a pin off as nobody", async (w) => {
      const made = await record(w);
      await undone(w.owner, async (client) => {
        const id = await pin(client, { ...made, personId: w.bo.id });
        await client.query("insert into record_unpin (pin_id, person_id) values ($1, $2)", [
          id,
          randomUUID(),
        ]);
      });
    }),
    notices: "check_pinner on record_unpin",
  },
  guard("G10", "no record to pin", "pinning what is in another incident", async (w) => {
    const { incidentId } = await record(w);
    return pin(w.web, { incidentId, evidenceId: w.evidenceId, personId: w.bo.id });
  }),
  {
    ...guard("G10", "no record to pin", "the owner pins what is in another incident", (w) =>
      undone(w.owner, async (client) => {
        const { incidentId } = await record(w);
        return pin(client, { incidentId, evidenceId: w.evidenceId, personId: w.bo.id });
      }),
    ),
    notices: "check_pin_place on record_pin",
  },
  {
    name: "web: a pin at a time of its own",
    says: "permission denied for table record_pin",
    run: async (w) => {
      const { incidentId, evidenceId } = await record(w);
      return w.web.query(
        "insert into record_pin (id, incident_id, evidence_item_id, person_id, at) values ($1, $2, $3, $4, now())",
        [randomUUID(), incidentId, evidenceId, w.bo.id],
      );
    },
  },
];

function pinning(by: (w: World) => TestPerson): Attack["run"] {
  return async (w) => pin(w.web, { ...(await record(w)), personId: by(w).id });
}

async function record(w: World): Promise<{ incidentId: string; evidenceId: string }> {
  const { id: incidentId } = await makeIncident(w.db);
  const at = { sourceId: w.sourceId, incidentId, position: 1 };
  return { incidentId, evidenceId: (await makeEvidence(w.db, at)).id };
}

type Pin = { incidentId: string; evidenceId: string; personId: string };

async function pin(sql: Sql, { incidentId, evidenceId, personId }: Pin): Promise<string> {
  const id = randomUUID();
  await sql.query(
    "insert into record_pin (id, incident_id, evidence_item_id, person_id) values ($1, $2, $3, $4)",
    [id, incidentId, evidenceId, personId],
  );
  return id;
}
