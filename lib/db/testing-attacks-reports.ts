import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

/** Attacks on the register of what a model got wrong, by the web login and by the owner. */
export const REPORT_ATTACKS: Attack[] = [
  filed("G2 this must be", "someone who has left reports", (w) => w.gone.id),
  filed("G2 this must be", "a machine reports", (w) => w.machine.id),
  filed("G3 the role may not report", "an admin reports", (w) => w.adm.id),
  filed("G21 there is no such claim", "a claim of the rules is reported", (w) => w.ana.id, "rules"),
  filed("G21 there is no such claim", "what is no claim is reported", (w) => w.ana.id, "nothing"),
  {
    ...filed("G3 the role may not report", "an admin reports again", (w) => w.adm.id),
    notices: "check_report on model_report",
  },
  settled("G2 this must be", "a lead who has left settles", (w) => w.gone.id),
  settled("G3 the role may not settle", "an analyst settles", (w) => w.ana.id),
  {
    ...settled("G3 the role may not settle", "an auditor settles", (w) => w.aud.id),
    notices: "check_resolution on report_resolution",
  },
];

function filed(
  says: string,
  name: string,
  by: (w: World) => string,
  of: "model" | "rules" | "nothing" = "model",
): Attack {
  return {
    name: `web: ${name}`,
    says,
    notices: /^G\d+/.exec(says)![0],
    run: (w) =>
      undone(w.web, (client) =>
        client.query(
          `insert into model_report (id, claim_id, run_id, ordinal, person_id, kind, text) values (gen_random_uuid(), $1, $2, $3, $4, 'wrong', 'No.')`,
          [...placeOf(w, of), by(w)],
        ),
      ),
  };
}

function placeOf(w: World, of: "model" | "rules" | "nothing"): unknown[] {
  if (of === "model") return [null, w.reported.runId, 0];
  return of === "rules" ? [w.reported.rulesClaimId, null, null] : [null, w.runs.finished, 99];
}

function settled(says: string, name: string, by: (w: World) => string): Attack {
  return {
    name: `web: ${name}`,
    says,
    notices: /^G\d+/.exec(says)![0],
    run: (w) =>
      undone(w.web, (client) =>
        client.query(
          `insert into report_resolution (report_id, person_id, outcome, text) values ($1, $2, 'no_fault', 'It is so.')`,
          [w.reported.openReportId, by(w)],
        ),
      ),
  };
}
