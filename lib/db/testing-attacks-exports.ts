import { randomUUID } from "node:crypto";
import type pg from "pg";
import { truncation } from "./testing-attacks-rights.ts";
import { guard } from "./testing-moves.ts";
import type { TestPerson } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

type Client = pg.PoolClient;
type Step = (w: World, client: Client) => Promise<unknown>;

/** Attacks on exports of the trail: who has them, how many, and what their rows say of them. */
export const EXPORT_ATTACKS: Attack[] = [
  { ...truncation("trail.audit_export"), says: "append-only: TRUNCATE on audit_export refused" },
  change("delete from trail.audit_export", "queued"),
  change("update trail.audit_export set format = 'csv'", "queued"),
  change("update trail.audit_export set person_id = '%', attempt = 9", "queued"),
  change("update trail.audit_export set state = 'queued', sha256 = null", "ready"),
  change("update trail.audit_export set sha256 = sha256('mine')", "ready"),
  change("update trail.audit_export set expires_at = expires_at + interval '1 day'", "ready"),
  change("update trail.audit_export set hand = hand + 1", "ready"),
  change("update trail.audit_export set hand = hand - 1", "queued"),
  change("update trail.audit_export set state = 'running'", "cancelled"),

  asking(
    "G2",
    "this must be an active person",
    "one who has left asks for an export",
    (w) => w.gone,
  ),
  asking("G3", "exports are for a lead", "an analyst asks for an export", (w) => w.ana),
  asking("G3", "exports are for a lead", "an admin asks for an export", (w) => w.adm),
  by("G40", "three exports of this person", "a fourth that is not done", async (w, client) => {
    for (let n = 0; n < 4; n += 1) await ask(client, w.lea);
  }),
  {
    ...by("G40", "the exports that are kept", "there is no room", () => Promise.resolve()),
    run: (w) =>
      undone(w.owner, async (client) => {
        await makeReady(client, await ask(client, w.lea), 50 * 2 ** 30);
        await ask(client, w.aud);
      }),
  },
  by("G10", "there is no such export", "nothing is cancelled", (w, client) =>
    cancel(client, w.lea, randomUUID()),
  ),
  by("G4", "another person asked", "another's is cancelled", async (w, client) =>
    cancel(client, w.aud, await ask(client, w.lea)),
  ),
  by("G1", "this export is not open", "it is cancelled twice", async (w, client) => {
    const id = await ask(client, w.lea);
    await cancel(client, w.lea, id);
    await cancel(client, w.lea, id);
  }),
  by("G10", "there is no such export", "nothing is downloaded", (w, client) =>
    download(client, w.lea, randomUUID()),
  ),
  by("G1", "this export has no file", "what is not ready is downloaded", async (w, client) =>
    download(client, w.lea, await ask(client, w.lea)),
  ),
  by("G3", "exports are for a lead", "an analyst downloads another's", async (w, client) =>
    download(client, w.ana, await ask(client, w.lea)),
  ),
  {
    name: "web: says by itself that something was taken away",
    says: "trail: the kind export.downloaded is reserved",
    run: (w) =>
      undone(w.web, (client) =>
        client.query("select trail.append('export.downloaded', $1, null, '{}')", [
          `person:${w.lea.id}`,
        ]),
      ),
  },
  taking("G3", "exports are for a lead", (w) => `person:${w.ana.id}`, closedTrail),
  taking("G2", "this must be an active person", (w) => `person:${w.gone.id}`, closedTrail),
  taking("G2", "a download is by a person", () => "system:token-of-nobody", closedTrail),
  taking("G2", "a download is by a person", () => "system:web", closedTrail),
  taking("G10", "there is nothing like that", lead, () => [randomUUID(), "jsonl", null, null]),
  taking("G10", "there is nothing like that", lead, (w) => [w.closed.incidentId, "zip", null, 0]),
  taking("G10", "there is nothing like that", lead, ({ closed: { incidentId } }) => [
    incidentId,
    "certificate (PDF)",
    randomUUID(),
    null,
  ]),
  taking("G10", "there is nothing like that", lead, () => [null, "proof", null, 2 ** 40]),
  {
    name: "web: says that an export is done",
    says: "permission denied for function complete_export",
    run: ({ web }) =>
      web.query("select gate.complete_export(gen_random_uuid(), 'me', 'x', 1, sha256('x'), 1, 1)"),
  },
];

type Taken = [
  incident: string | null,
  format: string,
  decision: string | null,
  entry: number | null,
];

function lead(w: World): string {
  return `person:${w.lea.id}`;
}

function closedTrail(w: World): Taken {
  return [w.closed.incidentId, "jsonl", null, null];
}

/** Someone says that this was taken away, though it is not there or not theirs. */
function taking(
  code: string,
  words: string,
  who: (w: World) => string,
  what: (w: World) => Taken,
): Attack {
  return by(code, words, "a download that cannot have been", (w, client) =>
    client.query("select gate.record_download($1, $2, $3, $4, $5)", [who(w), ...what(w)]),
  );
}

async function ask(client: Client, person: TestPerson): Promise<string> {
  const { rows } = await client.query(
    `select gate.ask_export($1, 'jsonl', '{"kind":"log"}', '{}') as id`,
    [person.id],
  );
  return rows[0].id;
}

function cancel(client: Client, person: TestPerson, id: string) {
  return client.query("select gate.cancel_export($1, $2)", [person.id, id]);
}

function download(client: Client, person: TestPerson, id: string) {
  return client.query("select * from gate.download_export($1, $2)", [person.id, id]);
}

async function makeReady(client: Client, id: string, bytes: number): Promise<void> {
  await client.query(
    "update trail.audit_export set state = 'cancelled' where state in ('queued', 'running') and id <> $1",
    [id],
  );
  await client.query("select gate.take_export('w', 60000)");
  await client.query("select gate.complete_export($1, 'w', 'x.jsonl', $2, sha256('x'), 1, 60)", [
    id,
    bytes,
  ]);
}

function by(code: string, words: string, name: string, step: Step): Attack {
  return guard(code, words, `web: ${name}`, (w) => undone(w.web, (client) => step(w, client)));
}

function asking(code: string, words: string, name: string, who: (w: World) => TestPerson): Attack {
  return by(code, words, name, (w, client) => ask(client, who(w)));
}

/** The owner changes the row of an export in this state; `%` is somebody else's id. */
function change(sql: string, state: "queued" | "ready" | "cancelled"): Attack {
  return {
    name: `owner: ${sql}, where it is ${state}`,
    says: `append-only: ${sql.startsWith("delete") ? "DELETE" : "UPDATE"} on audit_export`,
    notices: "check_change on trail.audit_export",
    run: (w) =>
      undone(w.owner, async (client) => {
        const id = await ask(client, w.lea);
        if (state === "ready") await makeReady(client, id, 1);
        if (state === "cancelled") await cancel(client, w.lea, id);
        await client.query(`${sql.replace("%", w.aud.id)} where id = $1`.replace("$1", `'${id}'`));
      }),
  };
}
