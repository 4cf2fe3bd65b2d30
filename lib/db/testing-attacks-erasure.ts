import { randomBytes, randomUUID } from "node:crypto";
import type pg from "pg";
import { truncation } from "./testing-attacks-rights.ts";
import { approveErasure, askErasure, endErasure, liftHold, placeHold } from "./testing-erasure.ts";
import { guard } from "./testing-moves.ts";
import { makeIncident } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const NO_TABLE = ["sealed_payload", "payload_key", "key_encryption_key"];
const READERS = ["web", "worker", "signer", "auditor"] as const;
const RECORDS = ["legal_hold", "legal_hold_lift", "erasure", "erasure_end"];

type Client = pg.PoolClient;
type Step = (w: World, client: Client) => Promise<unknown>;

/** Attacks on what the payloads of the trail are sealed with, on their erasure, and on what is held. */
export const ERASURE_ATTACKS: Attack[] = [
  ...READERS.flatMap((login) =>
    NO_TABLE.map((table): Attack => ({
      name: `${login}: select * from trail.${table}`,
      says: `permission denied for table ${table}`,
      run: ({ db }) =>
        undone(db.pools[login], (client) => client.query(`select * from trail.${table}`)),
    })),
  ),
  {
    name: "web: changes a payload",
    says: "permission denied for table sealed_payload",
    run: ({ web }) => web.query("update trail.sealed_payload set bytes = ''"),
  },
  {
    name: "web: sets a key of its own for the payloads",
    says: "permission denied for function set_payload_key",
    run: ({ web }) => web.query("select trail.set_payload_key(sha256('mine'))"),
  },
  {
    name: "owner: another key than the payloads were sealed under",
    says: "trail: this is not the key that the payloads were sealed under",
    state: "22023",
    run: (w) =>
      undone(w.owner, (client) => client.query("select trail.set_payload_key(sha256('other'))")),
  },
  {
    name: "owner: begins to change a key that is not the one in force",
    says: "trail: this is not the key that the payloads are sealed under",
    state: "22023",
    run: (w) =>
      undone(w.owner, (client) =>
        client.query("select trail.begin_payload_key(sha256('other'), sha256('next'))"),
      ),
  },
  ...(["begin_payload_key('', '')", "wrap_payload_keys(1)", "end_payload_key()"] as const).map(
    (call): Attack => ({
      name: `worker: calls trail.${call}`,
      says: `permission denied for function ${call.split("(")[0]}`,
      run: ({ db }) => undone(db.pools.worker, (client) => client.query(`select trail.${call}`)),
    }),
  ),
  ...(["closed", "fresh"] as const).map((of): Attack => ({
    name: `owner: an entry of a ${of} incident while no key is set`,
    says: "trail: the key of the payloads is not set",
    state: "55000",
    run: async (w) => {
      const incidentId = of === "fresh" ? (await makeIncident(w.db)).id : w.closed.incidentId;
      await undone(w.owner, async (client) => {
        await client.query("delete from trail.key_encryption_key");
        await client.query("select trail.append('note.added', 'system:x', $1, '{}')", [incidentId]);
      });
    },
  })),
  ...["payload.erased", "erasure.requested", "hold.lifted"].map((kind): Attack => ({
    name: `web: writes an entry ${kind} of its own`,
    says: `trail: the kind ${kind} is reserved`,
    run: ({ web }) => web.query("select trail.append($1, 'system:web', null, '{}')", [kind]),
  })),
  ...changing("sealed_payload", [
    "delete from trail.sealed_payload",
    "update trail.sealed_payload set salt = sha256('mine')",
    "update trail.sealed_payload set bytes = '\\x017b7d' where substr(bytes, 1, 1) = '\\x01'",
    "update trail.sealed_payload set bytes = null, salt = null, erased_by = (select max(seq) from trail.entry) where seq = 0",
  ]),
  ...changing("payload_key", [
    "delete from trail.payload_key",
    "update trail.payload_key set wrapped = wrapped",
    "update trail.payload_key set wrapped_by = sha256('mine')",
  ]),
  // The whole sentence: a cascade would meet `erasure_end` where `erasure` lets it pass.
  ...["sealed_payload", "payload_key", ...RECORDS].map((table): Attack => ({
    ...truncation(`trail.${table}`),
    says: `append-only: TRUNCATE on ${table} refused`,
  })),
  ...RECORDS.flatMap((table) => [
    recordChange(table, "update", `update trail.${table} set at = at`),
    recordChange(table, "delete", `delete from trail.${table}`),
  ]),

  // holds
  keeping("G3", "this is for a lead", "an analyst places a hold", (w, client) =>
    placeHold(client, w.ana, null),
  ),
  keeping("G2", "this must be", "a lead who has left places a hold", (w, client) =>
    placeHold(client, w.gone, null),
  ),
  keeping("G10", "there is no such incident", "nothing is held", (w, client) =>
    placeHold(client, w.lea, randomUUID()),
  ),
  noticing("check_hold on trail.legal_hold", "G3 this is for a lead", (w, client) =>
    placeHold(client, w.aud, null),
  ),
  keeping("G10", "there is no such hold", "nothing is lifted", (w, client) =>
    liftHold(client, w.lea, randomUUID()),
  ),
  keeping("G3", "this is for a lead", "an auditor lifts a hold", async (w, client) =>
    liftHold(client, w.aud, await placeHold(client, w.lea, null)),
  ),
  keeping("G6", "password proof", "a hold is lifted on a wrong password", async (w, client) =>
    liftHold(client, { ...w.lea, password: "guess" }, await placeHold(client, w.lea, null)),
  ),
  keeping(
    "G6",
    "password proof",
    "a hold that is lifted is lifted on a guess",
    async (w, client) => {
      const hold = await placeHold(client, w.lea, null);
      const lifting = { sha256: randomBytes(32), proof: randomBytes(32) };
      await liftHold(client, w.lea, hold);
      await liftHold(client, w.lea, hold, lifting);
    },
  ),
  keeping("G5", "another statement", "another hold is lifted than was signed", async (w, client) =>
    liftHold(client, w.lea, await placeHold(client, w.lea, null), { sha256: randomBytes(32) }),
  ),
  noticing("check_hold_lift on trail.legal_hold_lift", "G6 password proof", async (w, client) =>
    liftHold(client, w.lea, await placeHold(client, w.lea, null), { proof: randomBytes(32) }),
  ),
  keeping("G36", "a legal hold stands", "retention passes a hold, by the owner's SQL", async (w) =>
    undone(w.owner, async (client) => {
      await placeHold(client, w.lea, null);
      await client.query(LOOSE, [w.sourceId]);
      await client.query("delete from evidence_item where incident_id is null");
    }),
  ),

  // erasure
  asking("G3", "this is for a lead", "an analyst asks for an erasure", (w, client, id) =>
    askErasure(client, w.ana, id),
  ),
  asking("G2", "this must be", "a machine asks for an erasure", (w, client, id) =>
    askErasure(client, w.machine, id),
  ),
  asking("G10", "there is no such incident", "nothing is to be erased", (w, client) =>
    askErasure(client, w.lea, randomUUID()),
  ),
  asking(
    "G5",
    "another statement",
    "another erasure is asked for than was signed",
    (w, client, id) => askErasure(client, w.lea, id, { sha256: randomBytes(32) }),
  ),
  asking("G6", "password proof", "an erasure is asked for on a wrong password", (w, client, id) =>
    askErasure(client, { ...w.lea, password: "guess" }, id),
  ),
  asking(
    "G1",
    "an erasure of this incident is asked",
    "it is asked for twice",
    async (w, client, id) => {
      await askErasure(client, w.lea, id);
      await askErasure(client, w.adm, id);
    },
  ),
  asking("G36", "a legal hold stands", "what is held is to be erased", async (w, client, id) => {
    await placeHold(client, w.lea, id);
    await askErasure(client, w.lea, id);
  }),
  keeping(
    "G14",
    "no erasure of an incident",
    "an open incident is to be erased",
    async (w, client) => askErasure(client, w.lea, (await makeIncident(w.db)).id),
  ),
  noticing("check_erasure on trail.erasure", "G3 this is for a lead", (w, client) =>
    askErasure(client, w.bo, w.closed.incidentId),
  ),
  approving("G4", "another person", "who asked approves", (w, client, id) =>
    approveErasure(client, w.lea, id),
  ),
  approving("G3", "this is for a lead", "an analyst approves", (w, client, id) =>
    approveErasure(client, w.bo, id),
  ),
  approving(
    "G5",
    "another statement",
    "another erasure is approved than was signed",
    (w, client, id) => approveErasure(client, w.adm, id, { sha256: randomBytes(32) }),
  ),
  approving("G6", "password proof", "an erasure is approved on a made-up proof", (w, client, id) =>
    approveErasure(client, w.adm, id, { proof: randomBytes(32) }),
  ),
  approving(
    "G36",
    "a legal hold stands",
    "a hold on everything stands by then",
    async (w, client, id) => {
      await placeHold(client, w.adm, null);
      await approveErasure(client, w.adm, id);
    },
  ),
  approving("G1", "this erasure is not open", "it is refused already", async (w, client, id) => {
    await endErasure(client, w.adm, id);
    await approveErasure(client, w.adm, id);
  }),
  keeping("G10", "there is no such erasure", "nothing is approved", (w, client) =>
    approveErasure(client, w.adm, randomUUID()),
  ),
  noticing("check_erasure_end on trail.erasure_end", "G4 another person", async (w, client) =>
    approveErasure(client, w.lea, await askErasure(client, w.lea, w.closed.incidentId)),
  ),
  keeping(
    "G11",
    "stale: this transaction",
    "an erasure is asked for over an older snapshot",
    async (w, client) => {
      await client.query("rollback");
      await client.query("begin isolation level repeatable read");
      await askErasure(client, w.lea, w.closed.incidentId);
    },
  ),
  {
    ...approving("G3", "this is for a lead", "who asked is no lead any more", (w, client, id) =>
      approveErasure(client, w.adm, id),
    ),
    run: (w) =>
      undone(w.owner, async (client) => {
        const id = await askErasure(client, w.lea, w.closed.incidentId);
        await client.query("update person set role = 'analyst' where id = $1", [w.lea.id]);
        await approveErasure(client, w.adm, id);
      }),
  },
];

const LOOSE = `insert into evidence_item (id, source_id, record_key, kind, format, time_quality, received_at, title, fields, observables, raw, raw_sha256)
  values (gen_random_uuid(), $1, gen_random_uuid(), 'event', 'generic', 'missing', now() - interval '9 days', 'loose', '{}', '{}', 'r', sha256('r'))`;

function keeping(code: string, words: string, name: string, step: Step): Attack {
  return guard(code, words, `web: ${name}`, (w) => undone(w.web, (client) => step(w, client)));
}

function asking(
  code: string,
  words: string,
  name: string,
  step: (w: World, client: Client, incidentId: string) => Promise<unknown>,
): Attack {
  return keeping(code, words, name, (w, client) => step(w, client, w.closed.incidentId));
}

function approving(
  code: string,
  words: string,
  name: string,
  step: (w: World, client: Client, erasureId: string) => Promise<unknown>,
): Attack {
  return keeping(code, words, name, async (w, client) =>
    step(w, client, await askErasure(client, w.lea, w.closed.incidentId)),
  );
}

function noticing(trigger: string, says: string, step: Step): Attack {
  return {
    name: `web: beside ${trigger}`,
    says,
    notices: trigger,
    run: (w) => undone(w.web, (client) => step(w, client)),
  };
}

function changing(table: string, statements: string[]): Attack[] {
  return statements.map((sql) => ({
    name: `owner: ${sql}`,
    says: `append-only: ${sql.startsWith("delete") ? "DELETE" : "UPDATE"} on ${table}`,
    notices: `check_change on trail.${table}`,
    run: (w) => undone(w.owner, (client) => client.query(sql)),
  }));
}

/** The owner changes a record that stands: each of the four has a row by then. */
function recordChange(table: string, verb: "update" | "delete", sql: string): Attack {
  return {
    name: `owner: ${sql}`,
    says: `append-only: ${verb.toUpperCase()} on ${table}`,
    notices: `append_only on trail.${table}`,
    run: (w) =>
      undone(w.owner, async (client) => {
        const hold = await placeHold(client, w.lea, null);
        await liftHold(client, w.adm, hold);
        await endErasure(client, w.lea, await askErasure(client, w.lea, w.closed.incidentId));
        await client.query(sql);
      }),
  };
}
