import { randomUUID } from "node:crypto";
import { guard } from "./testing-moves.ts";
import type { TestPerson } from "./testing-people.ts";
import type { Sql } from "./testing-gate.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const WHO = "whoever adds evidence by hand";

/** Attacks on who it was that brought what stands in an incident by hand. */
export const BY_HAND_ATTACKS: Attack[] = [
  guard(
    "G2",
    WHO,
    "a machine adds by hand",
    adding((w) => w.machine),
  ),
  guard(
    "G2",
    WHO,
    "someone who has left adds by hand",
    adding((w) => w.gone),
  ),
  guard(
    "G2",
    WHO,
    "an auditor adds by hand",
    adding((w) => w.aud),
  ),
  {
    ...guard("G2", WHO, "the owner's own source by hand for an admin", (w) =>
      undone(w.owner, (client) => source(client, w.adm.id)),
    ),
    notices: "check_hand_source on source",
  },
  changing("web: a source by hand under another's name", "name = 'By hand: Somebody Else'"),
  changing("web: a source by hand with a token", "token_sha256 = sha256('x')"),
  changing("web: a source by hand that is less sensitive", "sensitivity = 'clear'"),
  {
    name: "web: a source by hand becomes another's",
    says: "permission denied for table source",
    run: (w) =>
      undone(w.web, async (client) => {
        const id = await source(client, w.bo.id);
        await client.query("update source set person_id = $2 where id = $1", [id, w.ana.id]);
      }),
  },
  {
    name: "the owner gives a machine's source to a person",
    says: "append-only",
    notices: "hand_source_fixed on source",
    run: (w) =>
      undone(w.owner, (client) =>
        client.query(
          "update source set person_id = $2, name = 'By hand: x', token_sha256 = null, token_hint = null where id = $1",
          [w.sourceId, w.ana.id],
        ),
      ),
  },
];

function adding(who: (w: World) => TestPerson): Attack["run"] {
  return (w) => undone(w.web, (client) => source(client, who(w).id));
}

function changing(name: string, set: string): Attack {
  return {
    name,
    says: "append-only",
    notices: "hand_source_fixed on source",
    run: (w) =>
      undone(w.web, async (client) => {
        const id = await source(client, w.bo.id);
        await client.query(`update source set ${set} where id = $1`, [id]);
      }),
  };
}

async function source(sql: Sql, personId: string): Promise<string> {
  const id = randomUUID();
  await sql.query(
    "insert into source (id, name, format, person_id) values ($1, $3, 'by-hand', $2)",
    [id, personId, `By hand: ${id}`],
  );
  return id;
}
