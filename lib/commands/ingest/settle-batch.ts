import { appendTrail } from "#lib/db/transaction.ts";
import type { Tx } from "#lib/db/prisma.ts";
import type { CorrelationGroup, LinkReason } from "#lib/domain/alert/correlate.ts";
import { incidentNumber } from "#lib/domain/incident/incident.ts";
import type { Observable } from "#lib/domain/evidence/record.ts";
import { draftIncident } from "./incident-draft.ts";
import type { IncidentDraft, LockedIncident, NewItem } from "./incident-draft.ts";
import { areUntouched } from "./find-candidates.ts";
import { planBatch } from "./plan-batch.ts";
import type { BatchPlan, LooseEvent } from "./plan-batch.ts";
import type { PreparedRecord } from "./prepare.ts";
import { placeLoose, storeRecords, titleText } from "./store-records.ts";
import type { Placement } from "./store-records.ts";
import { storeObservables } from "./store-observables.ts";
import { uuidV7 } from "./uuid-v7.ts";
import {
  evidenceOf,
  lockIncidents,
  mergeIncidents,
  openIncidents,
  updateIncidents,
} from "./write-incidents.ts";
import type { MovedItem } from "./write-incidents.ts";

export type Batch = {
  source: { id: string; name: string };
  actor: string;
  requestKey: string | null;
  records: PreparedRecord[];
  /** Stored events without an incident that this request hands over by its key. */
  attach: LooseEvent[];
};

type Change = { draft: IncidentDraft; moved: MovedItem[]; group: CorrelationGroup };

const nextId = uuidV7();

/** Plans and writes one batch. Returns the incidents it touched, and those it merged away. */
export async function settleBatch(
  tx: Tx,
  batch: Batch,
): Promise<{ incidents: { id: string; number: number }[]; merged: string[] }> {
  const { plan, locked } = await planAndLock(tx, batch);
  return writeBatch(tx, batch, plan, locked);
}

/**
 * Writes what a person adds, into the incident they name or, without one, into a new one under the batch's key. It ties
 * nothing: no later record joins the incident because of a value that somebody brought by hand.
 */
export async function settleByHand(
  tx: Tx,
  { incidentId, ...batch }: Omit<Batch, "attach"> & { incidentId: string | null },
): Promise<{ id: string; number: number }> {
  const locked = await lockIncidents(tx, incidentId === null ? [] : [incidentId]);
  const members = batch.records.map((_, ref) => ({ ref, reason: "by_hand" as const }));
  const sourceKey = incidentId === null ? batch.requestKey : null;
  const group = { incidentId, sourceKey, members, merge: [], linking: new Map<string, never>() };
  const plan = { groups: [group], loose: [], looseByRef: new Map<number, LooseEvent>() };
  const { incidents } = await writeBatch(tx, { ...batch, attach: [] }, plan, locked);
  return incidents[0]!;
}

async function writeBatch(
  tx: Tx,
  batch: Batch,
  plan: BatchPlan,
  locked: Map<string, LockedIncident>,
): Promise<{ incidents: { id: string; number: number }[]; merged: string[] }> {
  const changes = await draftChanges(tx, batch, plan, locked);
  await openIncidents(
    tx,
    changes.flatMap(({ draft }) => (draft.isNew ? [draft] : [])),
  );
  const places = placesOf(changes);
  await storeRecords(tx, batch.source.id, batch.records, (ref) => places.get(ref));
  await placeLoose(tx, loosePlaces(plan, places));
  for (const { draft, moved, group } of changes) {
    if (group.merge.length === 0) continue;
    const positions = moved.map(({ id }, n) => ({ id, position: draft.from + n }));
    await mergeIncidents(tx, draft, positions);
  }
  await updateIncidents(
    tx,
    changes.flatMap(({ draft }) => (draft.isNew ? [] : [draft])),
  );
  await storeObservables(
    tx,
    changes.map((change) => seenBy(change, batch, plan)),
  );
  await tx.outbox.createMany({
    data: changes.map(({ draft }) => ({ kind: "evidence.added", incidentId: draft.id })),
  });
  for (const change of changes) await record(tx, batch.actor, change, locked);
  return {
    incidents: changes.map(({ draft }) => ({ id: draft.id, number: draft.number ?? 0 })),
    merged: changes.flatMap(({ group }) => group.merge),
  };
}

/** Plans on what stands once the incidents are locked: one closed or taken up meanwhile is planned for again. */
async function planAndLock(
  tx: Tx,
  batch: Batch,
): Promise<{ plan: BatchPlan; locked: Map<string, LockedIncident> }> {
  for (;;) {
    const plan = await planBatch(
      tx,
      batch.source.id,
      batch.requestKey,
      batch.records,
      batch.attach,
    );
    const ids = plan.groups.flatMap(({ incidentId, merge }) => [
      ...(incidentId ? [incidentId] : []),
      ...merge,
    ]);
    const locked = await lockIncidents(tx, ids);
    const closedNow = plan.groups.some(({ incidentId, members }) => {
      const soft = members.some(({ reason }) => reason === "shared_values");
      return soft && incidentId !== null && locked.get(incidentId)?.closed === true;
    });
    const given = plan.groups.flatMap(({ merge }) => merge);
    const stillFits = !closedNow && (await areUntouched(tx, given));
    if (stillFits || batch.requestKey !== null) return { plan, locked };
  }
}

async function draftChanges(
  tx: Tx,
  batch: Batch,
  plan: BatchPlan,
  locked: Map<string, LockedIncident>,
): Promise<Change[]> {
  const movedAll = await evidenceOf(
    tx,
    plan.groups.flatMap(({ merge }) => merge),
  );
  return plan.groups.map((group) => {
    const stored = group.incidentId === null ? null : (locked.get(group.incidentId) ?? null);
    const moved = movedAll.filter(({ from }) => group.merge.includes(from));
    const items = [
      ...moved.map((item) => movedItem(item, locked)),
      ...group.members.map(({ ref }) => itemOf(ref, batch, plan)),
    ];
    const id = stored?.id ?? nextId();
    const merged = group.merge.flatMap((id) => locked.get(id) ?? []);
    return {
      draft: draftIncident({ id, stored, merged, group, items, source: batch.source }),
      moved,
      group,
    };
  });
}

/** The worst severity of a merged incident comes with its evidence. */
function movedItem(item: MovedItem, locked: Map<string, LockedIncident>): NewItem {
  const from = locked.get(item.from);
  const severity = item.kind === "event" ? null : (from?.severity ?? null);
  const sourceNames = from?.sourceNames ?? [];
  return {
    ...item,
    at: from?.firstEvidenceAt ?? null,
    severity,
    title: from?.title ?? "",
    host: null,
    sourceNames,
  };
}

function itemOf(ref: number, batch: Batch, plan: BatchPlan): NewItem {
  const own = batch.records[ref];
  if (own) {
    const { id, at, sha256, record } = own;
    const host = record.fields.host;
    const hostName = typeof host === "string" ? host : null;
    const severity = record.kind === "event" ? null : record.severity;
    const title = titleText(record.title);
    return {
      id,
      kind: record.kind,
      at,
      severity,
      title,
      host: hostName,
      sha256,
      sourceNames: [batch.source.name],
    };
  }
  const loose = plan.looseByRef.get(ref);
  if (!loose) throw new Error("a planned record is neither in the batch nor loose");
  const { id, at, sha256, sourceName } = loose;
  return {
    id,
    kind: "event",
    at,
    severity: null,
    title: "",
    host: null,
    sha256,
    sourceNames: [sourceName],
  };
}

function placesOf(changes: readonly Change[]): Map<number, Placement> {
  const places = new Map<number, Placement>();
  for (const { draft, moved, group } of changes) {
    for (const [n, { ref }] of group.members.entries()) {
      places.set(ref, { incidentId: draft.id, position: draft.from + moved.length + n });
    }
  }
  return places;
}

function loosePlaces(
  plan: BatchPlan,
  places: Map<number, Placement>,
): { id: string; place: Placement }[] {
  return [...plan.looseByRef].flatMap(([ref, { id }]) => {
    const place = places.get(ref);
    return place ? [{ id, place }] : [];
  });
}

function seenBy(
  { draft, group }: Change,
  batch: Batch,
  plan: BatchPlan,
): {
  incidentId: string;
  group: CorrelationGroup;
  seen: { at: number | null; observables: Observable[] }[];
} {
  const seen = group.members.flatMap(
    ({ ref }) => batch.records[ref] ?? plan.looseByRef.get(ref) ?? [],
  );
  return { incidentId: draft.id, group, seen };
}

const BECAUSE: Record<LinkReason, string> = {
  request_key: "the request names this incident",
  source_incident: "the source names this incident",
  by_hand: "a person added them",
  shared_values: "they share specific values with it",
  opened: "nothing stored fitted",
};

async function record(
  tx: Tx,
  actor: string,
  { draft, moved, group }: Change,
  locked: Map<string, LockedIncident>,
): Promise<void> {
  const incidentId = draft.id;
  const number = incidentNumber(draft.number ?? 0);
  const entry = { actor, incidentId };
  const { title, severity, evidenceCount } = draft;
  for (const mergedId of group.merge) {
    const from = locked.get(mergedId);
    const payload = {
      into: number,
      from: incidentNumber(from?.number ?? 0),
      fromId: mergedId,
      count: moved.length,
    };
    await appendTrail(tx, { ...entry, kind: "incident.merged", payload });
    await appendTrail(tx, { actor, incidentId: mergedId, kind: "incident.merged", payload });
  }
  const count = group.members.length;
  const reason = BECAUSE[group.members.at(-1)?.reason ?? "source_incident"];
  if (draft.isNew)
    await appendTrail(tx, {
      ...entry,
      kind: "incident.opened",
      payload: { number, title, severity, count },
    });
  else
    await appendTrail(tx, {
      ...entry,
      kind: "incident.joined",
      payload: { number, count, reason, from: draft.from },
    });
  const payload = {
    evidenceCount,
    added: draft.added,
    evidenceRoot: draft.evidenceRoot.toString("hex"),
  };
  await appendTrail(tx, { ...entry, kind: "evidence.sealed", payload });
}
