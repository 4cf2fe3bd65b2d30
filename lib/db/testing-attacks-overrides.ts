import { asOwner, forbidden, truncation } from "./testing-attacks-rights.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

/** Attacks on what leads say of overrides, by the web login, and on the list itself, by the owner. */
export const OVERRIDE_ATTACKS: Attack[] = [
  judged("G2 this must be", "a lead who has left judges", (w) => w.gone.id),
  judged("G2 this must be", "a machine judges", (w) => w.machine.id),
  judged("G3 the role may not judge", "an analyst judges", (w) => w.bo.id),
  judged("G3 the role may not judge", "an auditor judges", (w) => w.aud.id),
  {
    ...judged("G3 the role may not judge", "an admin judges", (w) => w.adm.id),
    notices: "check_override_verdict on override_verdict",
  },
  judged("G10 there is no such override", "what is no override is judged", (w) => w.lea.id, {
    of: (w) => w.closed.incidentId,
  }),
  {
    name: "web: a lead judges what they overruled themselves",
    says: "G4 the override is the lead's own",
    notices: "G4",
    run: (w) =>
      undone(w.web, async (client) => {
        const { rows } = await client.query(
          `insert into claim_review (id, claim_id, incident_id, person_id, outcome, reason)
           values (gen_random_uuid(), $1, $2, $3, 'disputed', 'No.') returning id`,
          [w.reported.rulesClaimId, w.closed.incidentId, w.lea.id],
        );
        await client.query(JUDGE, [rows[0].id, w.lea.id]);
      }),
  },
  ...["insert into override select * from override", "update override set judged_at = now()"].map(
    (sql) => forbidden(["web", sql, "permission denied for table override"]),
  ),
  ...["update override_verdict set note = ''", "delete from override_verdict"].map((sql) =>
    forbidden(["web", sql, "permission denied for table override_verdict"]),
  ),
  forbidden(["web", "update training_mode set at = now()", "permission denied for table training"]),
  forbidden(["worker", "select * from training_mode", "permission denied for table training"]),
  asOwner("delete from override", "append-only: DELETE", "no_deletion on override"),
  // it cascades to a table whose refusal begins alike
  asOwner(
    "truncate override cascade",
    "append-only: TRUNCATE on override refused",
    "no_truncate on override",
  ),
  ...["update statement_opened set at = at", "delete from statement_opened"].map((sql) =>
    asOwner(
      sql,
      `append-only: ${sql.slice(0, 6).toUpperCase()}`,
      "append_only on statement_opened",
    ),
  ),
  truncation("statement_opened"),
  asOwner(
    "update override set kind = 'corrected'",
    "append-only: UPDATE on override",
    "check_change on override",
  ),
  asOwner(
    "update override set judged_at = now()",
    "append-only: UPDATE on override",
    "check_change on override",
  ),
];

const JUDGE = `insert into override_verdict (id, override_id, person_id, outcome, note) values (gen_random_uuid(), $1, $2, 'agree', '')`;

function judged(
  says: string,
  name: string,
  by: (w: World) => string,
  { of }: { of: (w: World) => string } = { of: (w) => w.overrideId },
): Attack {
  return {
    name: `web: ${name}`,
    says,
    notices: /^G\d+/.exec(says)![0],
    run: (w) => undone(w.web, (client) => client.query(JUDGE, [of(w), by(w)])),
  };
}
