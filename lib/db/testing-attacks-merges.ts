import { randomUUID } from "node:crypto";
import { neverChanging } from "./testing-attacks-fixed.ts";
import { propose } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import { merge, two, unmerge } from "./testing-merges.ts";
import { makeEvidence } from "./testing-people.ts";
import { undone } from "./testing-world.ts";
import type { Attack } from "./testing-world.ts";

const NO_MERGER = "whoever merges must be";

/** Attacks on who merges what into what, and who takes it apart. */
export const MERGE_ATTACKS: Attack[] = [
  ...neverChanging(["incident_merge", "reason"]),
  ...neverChanging(["incident_unmerge", "at"]),
  guard("G2", NO_MERGER, "an auditor merges", async (w) =>
    merge(w.web, { ...(await two(w.db)), personId: w.aud.id }),
  ),
  guard("G2", NO_MERGER, "someone who has left merges", async (w) =>
    merge(w.web, { ...(await two(w.db)), personId: w.gone.id }),
  ),
  guard("G2", NO_MERGER, "a machine takes a merge apart", async (w) => {
    const made = await merge(w.web, { ...(await two(w.db)), personId: w.ana.id });
    return unmerge(w.web, made, w.machine.id);
  }),
  guard("G14", "no merge of these", "a closed incident is merged away", async (w) => {
    const pair = { ...(await two(w.db)), fromId: w.closed.incidentId };
    // others need the closed one as it is, whatever stands in the way of this
    await undone(w.web, (client) => merge(client, { ...pair, personId: w.ana.id }));
  }),
  guard("G14", "no merge of these", "something is merged into a closed incident", async (w) => {
    const pair = { ...(await two(w.db)), intoId: w.closed.incidentId };
    await undone(w.web, (client) => merge(client, { ...pair, personId: w.ana.id }));
  }),
  guard("G14", "no merge of these", "what waits for a signature is merged away", async (w) => {
    const pair = await two(w.db);
    await propose(w.web, { incidentId: pair.fromId, proposer: w.ana });
    return merge(w.web, { ...pair, personId: w.ana.id });
  }),
  guard("G14", "no merge of these", "records join under a statement that waits", async (w) => {
    const pair = await two(w.db);
    await propose(w.web, { incidentId: pair.intoId, proposer: w.ana });
    return merge(w.web, { ...pair, personId: w.ana.id });
  }),
  guard("G14", "no undoing of this", "a merge is taken apart under a statement", async (w) => {
    const pair = await two(w.db);
    const made = await merge(w.web, { ...pair, personId: w.ana.id });
    await propose(w.web, { incidentId: pair.intoId, proposer: w.ana });
    return unmerge(w.web, made, w.ana.id);
  }),
  guard("G14", "no undoing of this", "a merge is taken apart twice", async (w) => {
    const made = await merge(w.web, { ...(await two(w.db)), personId: w.ana.id });
    await unmerge(w.web, made, w.ana.id);
    return unmerge(w.web, made, w.bo.id);
  }),
  {
    name: "web: a merge that nobody asked the gate for",
    says: "permission denied for table incident_merge",
    run: async (w) => {
      const { fromId, intoId } = await two(w.db);
      return w.web.query(
        `insert into incident_merge (id, from_id, into_id, person_id, reason, base, count, evidence_root, from_before, into_before, observables_before, links_before)
         values ($1, $2, $3, $4, 'Same.', 0, 0, '', '{}', '{}', '[]', '[]')`,
        [randomUUID(), fromId, intoId, w.ana.id],
      );
    },
  },
  {
    name: "web: an incident comes out of a merge by itself",
    says: "merge: only an untouched",
    notices: "check_merge on incident",
    run: async (w) => {
      const { fromId, intoId } = await two(w.db);
      await merge(w.web, { fromId, intoId, personId: w.ana.id });
      return w.web.query("update incident set merged_into_id = null where id = $1", [fromId]);
    },
  },
  {
    name: "the owner moves a record of an undone merge to another place",
    says: "append-only: evidence stays",
    notices: "evidence_move on evidence_item",
    run: async (w) => {
      const pair = await two(w.db);
      await makeEvidence(w.db, { sourceId: w.sourceId, incidentId: pair.fromId, position: 1 });
      const made = await merge(w.web, { ...pair, personId: w.ana.id });
      await undone(w.owner, async (client) => {
        await unmerge(client, made, w.ana.id);
        await client.query("update evidence_item set position = 9 where incident_id = $1", [
          pair.fromId,
        ]);
        await client.query("set constraints all immediate");
      });
    },
  },
];
