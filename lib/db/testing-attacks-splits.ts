import { randomUUID } from "node:crypto";
import { neverChanging } from "./testing-attacks-fixed.ts";
import { propose } from "./testing-gate.ts";
import { guard } from "./testing-moves.ts";
import { parted, split, unsplit } from "./testing-splits.ts";
import { two } from "./testing-merges.ts";
import { undone } from "./testing-world.ts";
import type { Attack, World } from "./testing-world.ts";

const NO_SPLITTER = "whoever merges must be";

async function splitBy(w: World, personId: string) {
  return split(w.web, { ...(await parted(w.db, w.sourceId)), personId });
}

/** Attacks on who takes what out of an incident, and who puts it back. */
export const SPLIT_ATTACKS: Attack[] = [
  ...neverChanging(["incident_split", "reason"]),
  ...neverChanging(["incident_unsplit", "at"]),
  ...neverChanging(["evidence_departure", "position"]),
  guard("G2", NO_SPLITTER, "an auditor splits", (w) => splitBy(w, w.aud.id)),
  guard("G2", NO_SPLITTER, "a machine takes a split back", async (w) =>
    unsplit(w.web, (await splitBy(w, w.ana.id)).splitId, w.machine.id),
  ),
  guard("G14", "no split of this", "records go from under a statement that waits", async (w) => {
    const given = await parted(w.db, w.sourceId);
    await propose(w.web, { incidentId: given.fromId, proposer: w.ana });
    return split(w.web, { ...given, personId: w.ana.id });
  }),
  guard("G14", "no split of this", "a record of another incident is taken", async (w) => {
    const [one, other] = [await parted(w.db, w.sourceId), await parted(w.db, w.sourceId)];
    return split(w.web, { ...one, items: other.items, personId: w.ana.id });
  }),
  guard("G14", "no undoing of this", "a split is taken back under a statement", async (w) => {
    const given = await parted(w.db, w.sourceId);
    const made = await split(w.web, { ...given, personId: w.ana.id });
    await propose(w.web, { incidentId: given.fromId, proposer: w.ana });
    return unsplit(w.web, made.splitId, w.ana.id);
  }),
  guard("G14", "no undoing of this", "a split is taken back twice", async (w) => {
    const { splitId } = await splitBy(w, w.ana.id);
    await unsplit(w.web, splitId, w.ana.id);
    return unsplit(w.web, splitId, w.bo.id);
  }),
  {
    name: "web: a departure that nobody asked the gate for",
    says: "permission denied for table evidence_departure",
    run: async (w) => {
      const { splitId } = await splitBy(w, w.ana.id);
      return w.web.query(
        `insert into evidence_departure (split_id, evidence_item_id, incident_id, position, into_position)
         values ($1, $2, $3, 1, 1)`,
        [splitId, w.evidenceId, randomUUID()],
      );
    },
  },
  {
    name: "web: the part of a split is merged into a third incident by itself",
    says: "merge: only an untouched",
    notices: "check_merge on incident",
    run: async (w) => {
      const { intoId } = await splitBy(w, w.ana.id);
      const other = await two(w.db);
      return w.web.query("update incident set merged_into_id = $2 where id = $1", [
        intoId,
        other.intoId,
      ]);
    },
  },
  {
    name: "the owner moves a record of a split to another place",
    says: "append-only: evidence stays",
    notices: "evidence_move on evidence_item",
    run: async (w) => {
      const given = await parted(w.db, w.sourceId);
      await undone(w.owner, async (client) => {
        const { intoId } = await split(client, { ...given, personId: w.ana.id });
        await client.query("update evidence_item set position = 9 where incident_id = $1", [
          intoId,
        ]);
        await client.query("set constraints all immediate");
      });
    },
  },
];
