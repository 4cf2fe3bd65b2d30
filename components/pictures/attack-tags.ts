import type { AttackView, TaggedRecordView } from "#lib/contracts/picture-views.ts";

/** The thread's query for the records of a technique. */
export function whereTechnique(id: string): string {
  return `technique=${JSON.stringify(id)}`;
}

/** "the rules", or a model's name, by claim. */
export type ClaimOrigins = ReadonlyMap<string, string>;

export type TechniqueCell = {
  id: string;
  name: string;
  tactics: string[];
  /** Tagged with it or with one of its sub-techniques, as the thread's query for it selects them. */
  records: TaggedRecordView[];
  /** Sources that tagged a record with it, then who names it in a claim. */
  by: string[];
};

/** Every technique that a source tagged or a claim in view names, most records first. */
export function techniquesOf(view: AttackView, origins: ClaimOrigins): TechniqueCell[] {
  const cells = new Map<string, TechniqueCell>();
  const cellOf = ({ id, name, tactics }: { id: string; name: string; tactics: string[] }) => {
    const known = cells.get(id) ?? { id, name, tactics, records: [], by: [] };
    cells.set(id, known);
    return known;
  };
  const add = (cell: TechniqueCell, who: string) => {
    if (!cell.by.includes(who)) cell.by.push(who);
  };
  for (const record of view.records)
    for (const technique of record.techniques) {
      add(cellOf(technique), record.source);
    }
  for (const { claimIds, ...technique } of view.named)
    for (const claim of claimIds) {
      const who = origins.get(claim);
      if (who !== undefined) add(cellOf(technique), who);
    }
  for (const cell of cells.values())
    cell.records = view.records.filter(({ techniques }) =>
      techniques.some(({ id }) => id === cell.id || id.startsWith(`${cell.id}.`)),
    );
  return [...cells.values()].toSorted(
    (a, b) => b.records.length - a.records.length || (a.id < b.id ? -1 : 1),
  );
}

/** The moments of a lane: records that stand so near each other in time that they are one mark. */
export type PathMark = { at: number; records: TaggedRecordView[] };
export type PathLane = { id: string; name: string; marks: PathMark[] };

/** Shares of the span, 0 to 1, in `slots` steps; lanes in the order of the matrix, only those with marks. */
export function lanesOf(
  { tactics, records }: AttackView,
  slots: number,
): { lanes: PathLane[]; from: string | null; to: string | null; untimed: number } {
  const timed = records.filter(({ time, tactics: own }) => time !== null && own.length > 0);
  const times = timed.map(({ time }) => Date.parse(time!));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const slotOf = (time: string) =>
    last === first ? slots / 2 : Math.round(((Date.parse(time) - first) / (last - first)) * slots);
  const lanes = tactics.map(({ id, name }) => {
    const bySlot = new Map<number, TaggedRecordView[]>();
    for (const record of timed) {
      if (!record.tactics.includes(id)) continue;
      const slot = slotOf(record.time!);
      const known = bySlot.get(slot);
      if (known) known.push(record);
      else bySlot.set(slot, [record]);
    }
    const marks = [...bySlot].map(([slot, own]) => ({ at: slot / slots, records: own }));
    return { id, name, marks: marks.toSorted((a, b) => a.at - b.at) };
  });
  return {
    lanes: lanes.filter(({ marks }) => marks.length > 0),
    from: timed.length === 0 ? null : new Date(first).toISOString(),
    to: timed.length === 0 ? null : new Date(last).toISOString(),
    untimed: records.filter(({ time }) => time === null).length,
  };
}
